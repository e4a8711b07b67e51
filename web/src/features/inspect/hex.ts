/** Bytes as people read them: hexadecimal and text, sixteen a line. */
export interface HexLine {
  offset: string;
  hex: string;
  text: string;
}

const BYTES = 16;

export function hexLines(hex: string): HexLine[] {
  const lines: HexLine[] = [];
  for (let at = 0; at < hex.length; at += 2 * BYTES) {
    const bytes = hex.slice(at, at + 2 * BYTES).match(/../g) ?? [];
    lines.push({
      offset: (at / 2).toString(16).padStart(4, '0'),
      hex: bytes.join(' '),
      text: bytes.map((byte) => printable(Number.parseInt(byte, 16))).join(''),
    });
  }
  return lines;
}

/** The bytes as text, if that is what they are. */
export function textOf(hex: string): string | undefined {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  const text = new TextDecoder().decode(bytes);
  let strange = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    // A character cut at the end of what was recorded becomes one replacement.
    if (code === 0xfffd || (code < 32 && code !== 9 && code !== 10 && code !== 13)) strange += 1;
  }
  return strange <= 1 && text !== '' ? text : undefined;
}

function printable(byte: number): string {
  return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.';
}
