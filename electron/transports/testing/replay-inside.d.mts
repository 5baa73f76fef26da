/** A program that is asked for inside of a container, by its parameters. */
interface Asked {
  readonly number: number;
  readonly container: string;
  readonly program: string;
}
interface Printed {
  readonly lines: readonly string[];
  readonly exit: number;
}
export function insideContainer(
  ask: Asked,
  settings: { readonly folder: string; readonly nanoServer?: readonly string[] },
  isDown: (host: string) => boolean,
): Printed;
export function hostLookup(
  lookup: { readonly name: string; readonly server: string },
  isDown: (host: string) => boolean,
): readonly string[];
