import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { wellFormed } from './wellFormed.ts';

/** Returns the SHA-256 of a string in hex. Strings that are not well-formed UTF-16 are hashed by their code units. */
export function hashHex(text: string): string {
	return bytesToHex(sha256(utf8ToBytes(wellFormed(text, (unit) => `\\u{${unit.charCodeAt(0).toString(16)}}`))));
}
