/**
 * Protection 7: what a page of this application may load and do. Only its own files, no network,
 * no inline code. Sent as a header with every answer of the app:// scheme.
 * Source: Electron's security tutorial, point 7; W3C Content Security Policy Level 3.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
