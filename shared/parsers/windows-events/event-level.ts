import type { LogLevel } from '../../model/logs';

/** Numbers of levels (winmeta.xml): 0 is written whatever the level is. */
const NUMBERS: readonly LogLevel[] = ['info', 'fatal', 'error', 'warning', 'info', 'debug'];

/** LevelDisplayName and EntryType in the languages that Windows Server comes in. */
const WORDS: readonly (readonly [RegExp, LogLevel])[] = [
  [
    /^(critical|kritisch|critique|crítico|critico|krytyczne|krytyczny|критическая|критический|kritická|kritický|kritiek|kritik|kritikus|kritiskt?|严重|关键|重大|위험)$/i,
    'fatal',
  ],
  [
    /^(error|failureaudit|fehler|erreur|errore|erro|błąd|ошибка|chyba|fout|hata|hiba|fel|错误|錯誤|エラー|오류)$/i,
    'error',
  ],
  [
    /^(warning|warnung|avertissement|advertencia|avviso|aviso|ostrzeżenie|предупреждение|upozornění|waarschuwing|uyarı|figyelmeztetés|varning|警告|경고)$/i,
    'warning',
  ],
  [
    /^(information|informational|successaudit|informationen|informations|información|informazioni|informações|informacje|сведения|informace|informatie|bilgi|információ|信息|資訊|情報|정보)$/i,
    'info',
  ],
  [
    /^(verbose|ausführlich|détaillé|commentaires|detallado|dettagliato|detalhado|详细|詳細資訊|詳細)$/i,
    'debug',
  ],
];

/** The level that a number or a word of an event log names; `unknown` for a word of another language. */
export function eventLevel(number: string | undefined, word: string | undefined): LogLevel {
  if (number !== undefined && /^\d$/.test(number.trim()))
    return NUMBERS[Number(number)] ?? 'unknown';
  const text = (word ?? '').trim();
  if (/^\d$/.test(text)) return NUMBERS[Number(text)] ?? 'unknown';
  return WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? 'unknown';
}
