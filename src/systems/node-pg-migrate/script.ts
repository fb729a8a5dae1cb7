import { json, record } from '../reading/manifest.ts'

/** The match of a pattern in the scripts of package.json that run the tool. */
export function flag(manifest: string, pattern: RegExp): string | undefined {
  const scripts = Object.values(record(json(manifest).scripts) ?? {}).filter(script => typeof script === 'string')
  return scripts
    .filter(script => script.includes('node-pg-migrate'))
    .map(script => pattern.exec(script)?.[1])
    .find(value => value !== undefined)
}
