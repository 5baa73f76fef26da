import * as react from 'react/jsx-runtime';
import { shown } from './shown';

/*
 * What JSX compiles to, in place of React's own (electron/runtime/build.mjs): every text of every
 * element passes here, so that no view has to think of hostile names.
 */

/** React's `jsx`, with the text shown as it is written. */
export const jsx: typeof react.jsx = (type, props, key) => react.jsx(type, shown(props), key);
/** React's `jsxs`, with the texts shown as they are written. */
export const jsxs: typeof react.jsxs = (type, props, key) => react.jsxs(type, shown(props), key);
export const Fragment = react.Fragment;
