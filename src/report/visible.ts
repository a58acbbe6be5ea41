/**
 * What a terminal obeys, what takes no place, what looks like a space and is none, and marks piled up on one letter:
 * U+2800 is the empty pattern of Braille, which no class of Unicode has.
 * https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const hiding = /(?![\n ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]|(?<=\p{M}{3})\p{M}/gu;

/** A text in which every character is seen: what hides, or hides others, as its number `\u{202e}`. Line ends stay. */
export function visible(value: string): string {
  return value.replace(hiding, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** On one line: line ends, and what spaces are around them, are one space. */
export function oneLine(value: string): string {
  return value
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ");
}
