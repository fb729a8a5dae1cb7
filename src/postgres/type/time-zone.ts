import type { Settings } from '../catalog/setting.ts'

export interface TimeZone {
  /** As set, null when no migration sets it. */
  readonly name: string | null
  /** A setting that was never set counts as UTC: that is the default of most servers, and a migration can be run with it. */
  readonly isUtc: boolean | 'unknown'
}

/**
 * Names (in lower case) of zones that never had another offset than zero. Zones that once had one (Europe/London,
 * Africa/Abidjan, Iceland) are not in the list, see TimestampTimestampTzRequiresRewrite (timestamp.c).
 */
const utc = /^(etc\/)?(utc|uct|gmt[+-]?0?|zulu|universal|greenwich)$|^(<[^>]*>|[a-z]{3,})?[+-]?0+(:0+)*(\.0*)?$/

/** The session's time zone, as far as the migrations set it. */
export function timeZone(settings: Settings): TimeZone {
  const setting = settings.get('timezone') ?? settings.get('TimeZone')
  if (!setting) return { name: null, isUtc: true }
  if (setting.value === null) return { name: null, isUtc: 'unknown' }
  return { name: setting.value, isUtc: utc.test(setting.value.toLowerCase()) }
}
