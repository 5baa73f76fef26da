/** How the picture lies in its view: `screen = picture * zoom + pan`. */
export interface Viewport {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const zoomLimits = { min: 0.08, max: 2 } as const;
const margin = 20;

const limited = (zoom: number): number => Math.max(zoomLimits.min, Math.min(zoomLimits.max, zoom));

/** The whole picture, never larger than life. */
export function fitAll(picture: Size, view: Size): Viewport {
  const zoom = limited(
    Math.min(
      1,
      (view.width - margin * 2) / Math.max(1, picture.width),
      (view.height - margin * 2) / Math.max(1, picture.height),
    ),
  );
  return { zoom, x: centred(picture.width * zoom, view.width), y: margin };
}

/** As wide as the picture is, begun at its top: text stays readable, the rest is a scroll away. */
export function fitWidth(picture: Size, view: Size): Viewport {
  const zoom = limited(Math.min(1, (view.width - margin * 2) / Math.max(1, picture.width)));
  return { zoom, x: centred(picture.width * zoom, view.width), y: margin };
}

const centred = (inner: number, outer: number): number => Math.max(margin, (outer - inner) / 2);

/** Zooms so that the point of the picture under (x, y) of the view stays there. */
export function zoomAt(at: Viewport, factor: number, x: number, y: number): Viewport {
  const zoom = limited(at.zoom * factor);
  const ratio = zoom / at.zoom;
  return { zoom, x: x - (x - at.x) * ratio, y: y - (y - at.y) * ratio };
}

/** Moves as little as brings a box of the picture (centre and size) into view. */
export function bringIntoView(
  at: Viewport,
  box: { readonly x: number; readonly y: number; readonly w: number; readonly h: number },
  view: Size,
): Viewport {
  const shift = (centre: number, half: number, pan: number, length: number): number => {
    const low = (centre - half) * at.zoom + pan;
    const high = (centre + half) * at.zoom + pan;
    if (low < margin) return pan + margin - low;
    if (high > length - margin) return pan - (high - (length - margin));
    return pan;
  };
  return {
    zoom: at.zoom,
    x: shift(box.x, box.w / 2, at.x, view.width),
    y: shift(box.y, box.h / 2, at.y, view.height),
  };
}
