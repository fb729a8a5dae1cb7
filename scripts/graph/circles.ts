/** The arrows of each node. A node without an entry has none. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>

/** A graph of arrows, without arrows from a node to itself. */
export function graphOf(
  nodes: Iterable<string>,
  arrows: Iterable<{ readonly from: string; readonly to: string }>,
): Graph {
  const graph = new Map<string, Set<string>>([...nodes].map(node => [node, new Set()]))
  for (const { from, to } of arrows) if (from !== to && graph.has(to)) graph.get(from)?.add(to)
  return graph
}

/**
 * The circles of a graph: the largest sets of two or more nodes in which each reaches every other one (its strongly connected
 * components, by Tarjan). Nodes are sorted, and so are circles.
 */
export function circlesOf(graph: Graph): string[][] {
  return componentsOf(graph)
    .filter(component => component.length > 1)
    .map(component => component.sort())
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
}

/**
 * The number of floors of a graph: the nodes on its longest way down. The nodes of a circle share a floor.
 */
export function floorsOf(graph: Graph): number {
  const floor = new Map<string, number>()
  // A component comes after all components to which it points.
  for (const component of componentsOf(graph)) {
    const below = component.flatMap(node => [...(graph.get(node) ?? [])]).map(node => floor.get(node) ?? 0)
    const own = 1 + below.reduce((a, b) => Math.max(a, b), 0)
    for (const node of component) floor.set(node, own)
  }
  return [...floor.values()].reduce((a, b) => Math.max(a, b), 0)
}

function componentsOf(graph: Graph): string[][] {
  const components: string[][] = []
  const number = new Map<string, number>()
  const lowest = new Map<string, number>()
  const path: string[] = []
  const open = new Set<string>()
  const visit = (node: string) => {
    number.set(node, number.size)
    let low = number.get(node) as number
    path.push(node)
    open.add(node)
    for (const next of graph.get(node) ?? []) {
      if (!number.has(next)) visit(next)
      if (open.has(next)) low = Math.min(low, lowest.get(next) ?? (number.get(next) as number))
    }
    lowest.set(node, low)
    if (low !== number.get(node)) return
    const component = path.splice(path.indexOf(node))
    for (const each of component) open.delete(each)
    components.push(component)
  }
  for (const node of graph.keys()) if (!number.has(node)) visit(node)
  return components
}
