import { useMemo } from 'react';
import { createFormatter, type Formatter } from '../../domain/format';
import { usePreferences } from '../preferences';
import { useUrl } from '../search';
import { en, type Words } from './en';
import { ja } from './ja';

export function useWords(): Words {
  return usePreferences().language === 'ja' ? ja : en;
}

/** Numbers and times in the reader's language and in the zone of the URL. */
export function useFormat(): Formatter {
  const { language } = usePreferences();
  const { tz } = useUrl();
  return useMemo(() => createFormatter(language, tz), [language, tz]);
}
