import { spawnSync } from 'node:child_process';

/** pngquant: the result would be larger, or the quality not good enough. The file stays as it was. */
const LEFT_ALONE = [98, 99];

/**
 * Makes pictures smaller where pngquant is there: a window has few colours, and 256 of them show no
 * difference; fewer would take the colour of small marks. The files are replaced. Where it is not
 * there, that is said, and nothing is done.
 */
export function quantise(files, say) {
  if (spawnSync('pngquant', ['--version']).error !== undefined) {
    say('pngquant is not here: the pictures keep all their colours and are some times larger');
    return;
  }
  for (const file of files) {
    const { status, stderr } = spawnSync(
      'pngquant',
      ['--force', '--skip-if-larger', '--strip', '--quality=70-100', '--ext=.png', '--', file],
      { encoding: 'utf8' },
    );
    if (status !== 0 && !LEFT_ALONE.includes(status ?? -1))
      throw new Error(`pngquant failed for ${file}: ${stderr.trim()}`);
  }
}
