import { describe, expect, it } from 'vitest';
import { textFile, textFileOf } from '../../text/text-file';
import { parseFile } from '../parse-file';
import { wholeFile, type ParseResult } from '../parser';
import { parseText, scoreOf, survivesEveryCut, unaccounted } from '../testing/accounting';
import { factItems } from '../testing/facts-of';
import { windowsEventsParser } from './windows-events';

const HEAD = '"TimeCreated","Level","LevelDisplayName","ProviderName","Id","Message"';
const SYSTEM = `${HEAD}
"2024-05-14T11:10:00.1234567+02:00","4","Information","Service Control Manager","7036","The Host Network Service service entered the running state."
"2024-05-14T11:09:58.0000000+02:00","2","Error","Service Control Manager","7031","The Host Network Service service terminated unexpectedly.  It has done this 1 time(s).
The following corrective action will be taken in 5000 milliseconds: ""Restart the service""."
`;

const read = (result: ParseResult) => factItems(result.facts, 'windows-events');
const events = (text: string, path = 'winevt/System.csv') =>
  read(parseText(windowsEventsParser, text, path));

describe('extracts of Windows event logs', () => {
  it('reads entries with line breaks and quotes, the oldest first', () => {
    expect(scoreOf(windowsEventsParser, SYSTEM)).toBeGreaterThanOrEqual(50);
    const [crash, running] = events(SYSTEM);
    expect(crash).toMatchObject({
      log: 'System',
      level: 'error',
      provider: 'Service Control Manager',
      id: 7031,
      time: Date.UTC(2024, 4, 14, 9, 9, 58),
      clock: 'utc',
      evidence: [{ line: 3, endLine: 4 }],
    });
    expect(crash?.message).toContain('"Restart the service"');
    expect(running?.level).toBe('info');
    expect(unaccounted(SYSTEM, parseText(windowsEventsParser, SYSTEM))).toEqual([]);
    survivesEveryCut(windowsEventsParser, SYSTEM);
  });

  it('is a log beside those of the components', () => {
    const [log] = factItems(parseText(windowsEventsParser, SYSTEM).facts, 'logs');
    expect(log).toMatchObject({ component: 'windows', entryCount: 2, clock: 'utc' });
    expect(log?.entry(1)).toMatchObject({ level: 'error', evidence: { line: 3, endLine: 4 } });
    expect(log?.find('corrective action')).toEqual([1]);
  });

  it('reads what Export-Csv and Get-EventLog write', () => {
    const text =
      '#TYPE Selected.System.Diagnostics.EventLogEntry\n"TimeGenerated","EntryType","Source","InstanceId","Message"\n"14.05.2024 09:20:00","Fehler","Service Control Manager","3221232503","x"\n';
    expect(events(text, '20240514-092000_services.csv')).toMatchObject([
      { log: 'services', level: 'error', time: Date.UTC(2024, 4, 14, 9, 20), id: 3221232503 },
    ]);
    expect(unaccounted(text, parseText(windowsEventsParser, text))).toEqual([]);
  });

  it.each([
    ['Fehler', 'error'],
    ['Avertissement', 'warning'],
    ['Información', 'info'],
    ['错误', 'error'],
    ['Critical', 'fatal'],
    ['Virhe', 'unknown'],
  ])('knows the level %s', (word, level) => {
    const text = `"TimeCreated","LevelDisplayName","ProviderName","Id","Message"\n"2024-05-14T09:20:00Z","${word}","p","1","m"\n`;
    expect(events(text)[0]?.level).toBe(level);
  });

  describe('times of a culture', () => {
    const at = (written: number | undefined, ...times: string[]) =>
      windowsEventsParser.parse(
        wholeFile(
          textFile(
            'winevt/System.csv',
            new TextEncoder().encode(
              `"TimeCreated","LevelDisplayName","ProviderName","Id","Message"\n${times.map((t) => `"${t}","Error","p","1","m"\n`).join('')}`,
            ),
            { modifiedAt: written },
          ),
        ),
      );

    it('are left out where day and month cannot be told apart, and that is said', () => {
      const result = at(undefined, '5/4/2024 9:20:00 AM');
      expect(read(result)[0]).toMatchObject({ time: undefined, clock: 'none' });
      expect(result.notes).toMatchObject([{ kind: 'guessed' }]);
    });

    it('are read by an entry that allows one order only', () => {
      const result = at(undefined, '5/14/2024 9:20:00 AM', '5/4/2024 9:20:00 AM');
      expect(read(result).map(({ time }) => time)).toEqual([
        Date.UTC(2024, 4, 4, 9, 20),
        Date.UTC(2024, 4, 14, 9, 20),
      ]);
      expect(result.notes).toEqual([]);
    });

    it('are read as they fit before the time of the file, and that is said', () => {
      const result = at(Date.UTC(2024, 3, 6), '5/4/2024 9:20:00');
      expect(read(result)[0]?.time).toBe(Date.UTC(2024, 3, 5, 9, 20));
      expect(result.notes).toMatchObject([{ kind: 'guessed' }]);
    });
  });

  it('says what is cut, and takes a short entry for damage', () => {
    const cut = parseFile(textFileOf('winevt/System.csv', SYSTEM.slice(0, -20)));
    expect(cut.status).toBe('partial');
    expect(read(cut as unknown as ParseResult)).toHaveLength(1);
    const short = parseText(
      windowsEventsParser,
      `${SYSTEM}"2024-05-14T11:10:00Z","2"\n${'"2024-05-14T11:10:00Z","2","Error","p","1","m"\n'}`,
    );
    expect(read(short)).toHaveLength(3);
    expect(short.notes).toMatchObject([{ kind: 'skipped', line: 5 }]);
  });

  it('leaves other CSV files alone', () => {
    expect(scoreOf(windowsEventsParser, '"Image Name","PID","Session Name"\n"a","1","b"\n')).toBe(
      0,
    );
  });
});
