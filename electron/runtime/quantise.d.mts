export function quantise(files: readonly string[], say: (line: string) => void): void;
