import { protocol, type Session } from 'electron';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { contentSecurityPolicy } from './content-security-policy';

/**
 * Protection 18: the page comes from our own app:// scheme instead of file://, and the scheme
 * serves nothing but the built renderer.
 * Source: Electron's security tutorial, point 18.
 */
export const appScheme = 'app';
export const appHost = 'workbench';
export const appOrigin = `${appScheme}://${appHost}`;
export const appPage = `${appOrigin}/index.html`;

const contentTypes = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.woff2', 'font/woff2'],
]);

/** Has to run before the application is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** Answers app:// requests of `session` with the files below `folder`. */
export function serveApp(session: Session, folder: string): void {
  session.protocol.handle(appScheme, async (request) => {
    const served = request.method === 'GET' ? resolveAppUrl(request.url, folder) : undefined;
    if (served === undefined) return answer(404, 'text/plain', 'Not found');
    try {
      const body = await readFile(served.file);
      return answer(200, served.contentType, new Uint8Array(body));
    } catch {
      return answer(404, 'text/plain', 'Not found');
    }
  });
}

/**
 * The file that an app:// address names, or undefined when the address leaves the folder, names
 * another host, or names a type of file that the page does not consist of.
 */
export function resolveAppUrl(
  address: string,
  folder: string,
): { readonly file: string; readonly contentType: string } | undefined {
  let name: string;
  try {
    const url = new URL(address);
    if (url.protocol !== `${appScheme}:` || url.host !== appHost) return undefined;
    name = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  if (/[\0\\:]/.test(name)) return undefined;
  const file = path.resolve(folder, `.${name}`);
  const relative = path.relative(folder, file);
  if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) return undefined;
  // Hidden files hold build state, never part of the page.
  if (relative.split(path.sep).some((part) => part.startsWith('.'))) return undefined;
  const contentType = contentTypes.get(path.extname(file));
  return contentType === undefined ? undefined : { file, contentType };
}

function answer(
  status: number,
  contentType: string,
  body: string | Uint8Array<ArrayBuffer>,
): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': contentType,
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    },
  });
}
