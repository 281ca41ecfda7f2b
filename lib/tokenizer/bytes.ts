/**
 * GPT-2's alphabet: every byte has one printable character, so that a vocabulary of byte strings
 * can be written as text (Radford et al., 2019). A blank shows as `Ġ`, a line feed as `Ċ`.
 */

/** The character of each byte 0 … 255. */
export const byteCharacters: readonly string[] = listByteCharacters();

const bytesOfCharacters = new Map(byteCharacters.map((character, byte) => [character, byte]));

function listByteCharacters(): string[] {
  let next = 256; // bytes that do not print take the code points from here on, in their order
  return Array.from({ length: 256 }, (_, byte) => {
    const prints = byte >= 0x21 && byte <= 0x7e || byte >= 0xa1 && byte !== 0xad;
    return String.fromCodePoint(prints ? byte : next++);
  });
}

/** UTF-8 bytes of a text, each written as its character. */
export function textToByteCharacters(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byteCharacters[byte]!).join("");
}

/** The bytes that a string of byte characters stands for; throws on any other character. */
export function byteCharactersToBytes(characters: string): number[] {
  return Array.from(characters, (character) => {
    const byte = bytesOfCharacters.get(character);
    if (byte === undefined) {
      throw new RangeError(`Expected a byte character, got ${JSON.stringify(character)}`);
    }
    return byte;
  });
}
