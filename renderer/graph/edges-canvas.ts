import cytoscape from 'cytoscape';
import { controlPoints } from './edge-curve';
import type { Viewport } from './viewport';
import type { GraphView } from './graph-view';

/** Draws the edges of the graph on a canvas; nodes are elements above it. */
export interface EdgesCanvas {
  readonly draw: (graph: GraphView, selected: string | undefined) => void;
  readonly look: (viewport: Viewport) => void;
  readonly restyle: () => void;
  readonly resize: () => void;
  readonly destroy: () => void;
}

export function createEdgesCanvas(container: HTMLElement): EdgesCanvas {
  const cy = cytoscape({
    container,
    style: styleOf(container),
    layout: { name: 'preset' },
    userPanningEnabled: false,
    userZoomingEnabled: false,
    boxSelectionEnabled: false,
    autoungrabify: true,
    autounselectify: true,
    minZoom: 0.05,
    maxZoom: 3,
  });
  return {
    draw: (graph, selected) => {
      cy.batch(() => {
        cy.elements().remove();
        cy.add(elementsOf(graph, selected));
      });
    },
    look: ({ zoom, x, y }) => cy.viewport({ zoom, pan: { x, y } }),
    restyle: () => {
      cy.style(styleOf(container));
    },
    resize: () => {
      cy.resize();
    },
    destroy: () => cy.destroy(),
  };
}

/** Boxes of compounds are drawn below the canvas, titles beside it: neither has edges. */
function elementsOf(graph: GraphView, selected: string | undefined): cytoscape.ElementDefinition[] {
  const placed = new Map(graph.nodes.map((node) => [node.id, node]));
  const nodes = graph.nodes
    .filter(({ kind }) => kind !== 'column-title' && kind !== 'network' && kind !== 'remote-group')
    .map((node) => ({
      group: 'nodes' as const,
      data: { id: node.id, w: node.w, h: node.h },
      position: { x: node.x, y: node.y },
    }));
  const drawn = new Set(nodes.map(({ data }) => data.id));
  const edges = graph.edges.flatMap((edge) => {
    const source = placed.get(edge.source);
    const target = placed.get(edge.target);
    if (source === undefined || target === undefined) return [];
    if (!drawn.has(edge.source) || !drawn.has(edge.target)) return [];
    const { weights, distances } = controlPoints(
      { x: source.x + source.w / 2, y: source.y },
      { x: target.x - target.w / 2, y: target.y },
    );
    const near = edge.source === selected || edge.target === selected;
    return [
      {
        group: 'edges' as const,
        data: {
          id: edge.id,
          source: edge.source,
          target: edge.target,
          label: edge.label ?? '',
          weights: weights.join(' '),
          distances: distances.join(' '),
        },
        classes: `${edge.tone} ${near ? 'near' : ''}`,
      },
    ];
  });
  return [...nodes, ...edges];
}

/** The colour that a token of the theme has here, in a form a canvas takes. */
function colour(container: HTMLElement, token: string): string {
  const probe = document.createElement('span');
  // Else forced colours would give every token the colour of text.
  probe.style.setProperty('forced-color-adjust', 'none');
  probe.style.color = `var(${token})`;
  container.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function styleOf(container: HTMLElement): cytoscape.StylesheetJson {
  const of = (token: string): string => colour(container, token);
  const font = getComputedStyle(document.body).fontFamily;
  return [
    {
      selector: 'node',
      style: {
        shape: 'rectangle',
        width: 'data(w)',
        height: 'data(h)',
        'background-opacity': 0,
        'border-width': 0,
      },
    },
    {
      selector: 'edge',
      style: {
        width: 1.2,
        'line-color': of('--edge'),
        'target-arrow-color': of('--edge'),
        'target-arrow-shape': 'triangle',
        'arrow-scale': 0.9,
        'curve-style': 'unbundled-bezier',
        'source-endpoint': '50% 0%',
        'target-endpoint': '-50% 0%',
        ...measuredFromEndpoints,
        'control-point-weights': (edge: cytoscape.EdgeSingular) => numbers(edge, 'weights'),
        'control-point-distances': (edge: cytoscape.EdgeSingular) => numbers(edge, 'distances'),
        label: 'data(label)',
        'font-family': font,
        'font-size': 11,
        color: of('--dim'),
        'text-background-color': of('--card'),
        'text-background-opacity': 1,
        'text-background-shape': 'roundrectangle',
        'text-background-padding': '3px',
        'text-border-opacity': 1,
        'text-border-width': 0,
      },
    },
    { selector: 'edge.dim', style: { 'line-opacity': 0.5, 'line-style': 'dotted' } },
    {
      selector: 'edge.near',
      style: { width: 2, 'line-color': of('--accent'), 'target-arrow-color': of('--accent') },
    },
    {
      selector: 'edge.warning',
      style: {
        width: 2,
        'line-color': of('--warning'),
        'target-arrow-color': of('--warning'),
        'line-style': 'dashed',
        color: of('--warning'),
        'text-background-color': of('--warning-soft'),
      },
    },
    {
      selector: 'edge.error',
      style: {
        width: 2.2,
        'line-color': of('--error'),
        'target-arrow-color': of('--error'),
        'line-style': 'dashed',
        'line-dash-pattern': [6, 4],
        'z-index': 10,
        color: of('--error'),
        'text-background-color': of('--error-soft'),
        'text-border-width': 1,
        'text-border-color': of('--error'),
      },
    },
  ];
}

/** cytoscape takes this value; its types do not list it. */
const measuredFromEndpoints: object = { 'edge-distances': 'endpoints' };

/** cytoscape's types want one number here, its code takes a list too. */
function numbers(edge: cytoscape.EdgeSingular, field: string): number {
  const text: unknown = edge.data(field);
  const list: unknown = String(text).split(' ').map(Number);
  return list as number;
}
