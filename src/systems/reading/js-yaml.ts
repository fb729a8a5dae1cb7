import { type OnDemand, onDemand } from './on-demand.ts'

/** The parser of YAML; null while it is being loaded (`withParsers`). */
export const jsYaml: OnDemand<typeof import('js-yaml')> = onDemand(() => import('js-yaml'))
