import { onDemand } from './on-demand.ts'

/** The parser of YAML; null while it is being loaded (`withParsers`). */
export const jsYaml = onDemand(() => import('js-yaml'))
