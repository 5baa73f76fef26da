import { z } from 'zod';

const statusBody = z.object({
  kind: z.literal('Status').optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
});

/** The API server answered with an error (meta/v1 Status). */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  constructor(
    /** HTTP status; 0 when the answer could not be used. */
    readonly status: number,
    /** In words of the server, on one line. */
    message: string,
    /** Was there a Status, so that it is the API server that speaks? */
    readonly fromApi: boolean,
  ) {
    super(message);
  }
}

/** Reads the body of an error. The text is from another machine: it is shown, never interpreted. */
export function apiFailure(status: number, body: string): ApiFailure {
  const { success, data } = statusBody.safeParse(jsonOf(body));
  const said = success ? (data.message ?? data.reason) : undefined;
  const message = said ?? `HTTP status ${status}`;
  return new ApiFailure(status, oneLine(message), said !== undefined);
}

/** Text of a server as one line of at most 500 characters, without control characters. */
export const oneLine = (text: string): string =>
  text
    .replace(/[\x00-\x1f\x7f-\x9f\s]+/g, ' ')
    .trim()
    .slice(0, 500);

/** The JSON of a body; undefined where it is none. Never throws. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
