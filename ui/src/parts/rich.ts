/** A piece of a line of text: plain or a portal's own label. */
export interface Piece {
  text: string;
  label: boolean;
}

/** Splits a line at `**label**`: the only mark-up that texts may carry. */
export function pieces(line: string): Piece[] {
  return line
    .split("**")
    .map((text, index) => ({ text, label: index % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}

/** The presses of a fix: a line each, with or without its number. */
export function presses(fix: string): string[] {
  return fix
    .split("\n")
    .map((line) => line.replace(/^\s*\d+[.)]\s+/, "").trim())
    .filter((line) => line !== "");
}
