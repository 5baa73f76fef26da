import type { CollectedFile, FrameStream } from '../frame-reader';

/**
 * A node and the objects of its cluster as one collection. A file of the node that has the name of
 * one from the API is refused: the node does not speak for the cluster.
 * @param first which was collected first: the order in the report tells when each file was read
 */
export function joinStreams(
  node: FrameStream,
  cluster: FrameStream,
  first: 'node' | 'cluster',
): FrameStream {
  const taken = new Set(cluster.files.map(({ path }) => path.toLowerCase()));
  const files = node.files.map((file): CollectedFile =>
    taken.has(file.path.toLowerCase())
      ? {
          ...file,
          path: '',
          state: 'refused',
          notes: [...file.notes, `${file.path}: the API server gave this file`],
        }
      : file,
  );
  return {
    languageMode: node.languageMode,
    files: first === 'node' ? [...files, ...cluster.files] : [...cluster.files, ...files],
    complete: node.complete && cluster.complete,
    notes: [...node.notes, ...cluster.notes],
  };
}
