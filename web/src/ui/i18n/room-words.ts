import { usePreferences } from '../preferences';

/**
 * The words of one room, loaded with it: `const useTopologyWords = roomWords(en, ja)`. A key that only one
 * language has does not compile.
 */
export function roomWords<T>(en: T, ja: NoInfer<T>): () => T {
  return () => (usePreferences().language === 'ja' ? ja : en);
}
