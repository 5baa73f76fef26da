/** The build puts the text of a script into the program (Vite's `?raw`). */
declare module '*.ps1?raw' {
  const text: string;
  export default text;
}
