/** Text of the engine for the window: arrows as arrows, a port that is the sender's choice left out. */
export const shownText = (text: string): string =>
  text.replaceAll(':? ', ' ').replaceAll('->', '→');
