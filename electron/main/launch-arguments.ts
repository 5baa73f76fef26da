import path from 'node:path';

/** What the command line of the app asks for. */
export interface LaunchArguments {
  /** Bundles to open, as absolute paths. */
  readonly paths: readonly string[];
  /** Write a picture of the window to this file once it shows what was opened. */
  readonly capture: string | undefined;
  /** Name of a built-in sample node to open. */
  readonly sample: string | undefined;
}

/**
 * Reads the arguments after the program (and, in development, after the application's folder).
 * Relative paths are taken from `folder`. Unknown switches belong to Chromium and are skipped.
 */
export function readLaunchArguments(
  argv: readonly string[],
  folder: string,
  inDevelopment: boolean,
): LaunchArguments {
  const rest = argv.slice(1);
  const names = rest.filter((argument) => !argument.startsWith('-'));
  if (inDevelopment) names.shift();
  return {
    paths: names.map((name) => path.resolve(folder, name)),
    capture: valueOf(rest, '--capture='),
    sample: valueOf(rest, '--sample='),
  };
}

function valueOf(args: readonly string[], prefix: string): string | undefined {
  const found = args.find((argument) => argument.startsWith(prefix));
  return found === undefined ? undefined : found.slice(prefix.length);
}
