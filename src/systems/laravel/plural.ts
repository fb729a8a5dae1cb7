/** The English plurals of Laravel (Illuminate\Support\Pluralizer): those of Doctrine's inflector. */
export function plural(word: string): string {
  const lower = word.toLowerCase()
  if (lower === 'recommended' || lower === 'related' || !/[A-Za-z0-9\u0080-\uffff]$/.test(word)) return word
  const made = inflected(word, lower)
  // Pluralizer::matchCase
  if (word === lower) return made.toLowerCase()
  if (word === word.toUpperCase()) return made.toUpperCase()
  return /^[A-Z]/.test(word) ? made.charAt(0).toUpperCase() + made.slice(1) : made
}

/** RulesetInflector: invariable words, irregular words, and otherwise the first rule that matches. */
function inflected(word: string, lower: string): string {
  if (unchanged.has(lower) || /^(?:\w+media|\w+ware|sea[- ]bass)$/.test(lower)) return word
  const other = irregular.get(lower)
  if (other !== undefined) return word.charAt(0) + other.slice(1)
  const rule = rules.find(([pattern]) => pattern.test(word))
  return rule ? word.replace(rule[0], rule[1]) : word
}

const unchanged: ReadonlySet<string> = new Set([
  'social media',
  ...(
    'advice aircraft amoyese art audio baggage bison borghese bream breeches britches buffalo butter cantus carp ' +
    'cattle chassis clippers clothing coal cod coitus compensation congoese contretemps coreopsis corps cotton data ' +
    'debris deer diabetes djinn education eland elk emoji equipment evidence faroese feedback fish flounder flour ' +
    'foochowese food furniture gallows genevese genoese gilbertese gold headquarters herpes hijinks homework ' +
    'hottentotese impatience information innings jackanapes jeans jedi kin kiplingese knowledge kongoese leather love ' +
    'lucchese luggage mackerel maltese management media metadata mews money moose mumps music nankingese news nexus ' +
    'niasese nutrition offspring oil patience pekingese people piedmontese pincers pistoiese plankton pliers pokemon ' +
    'police polish portuguese proceedings progress rabies rain research rhinoceros rice salmon sand sarawakese ' +
    'scissors series shavese shears sheep siemens silk sms soap spam species staff sugar swine talent toothpaste ' +
    'traffic travel trivia trousers trout tuna us vermontese vinegar weather wenchowese wheat whiting wildebeest wood ' +
    'wool yengeese'
  ).split(' '),
])

const irregular: ReadonlyMap<string, string> = new Map([
  ['atlas', 'atlases'],
  ['axe', 'axes'],
  ['beef', 'beefs'],
  ['blouse', 'blouses'],
  ['brother', 'brothers'],
  ['cafe', 'cafes'],
  ['chateau', 'chateaux'],
  ['niveau', 'niveaux'],
  ['child', 'children'],
  ['canvas', 'canvases'],
  ['cookie', 'cookies'],
  ['corpus', 'corpuses'],
  ['cow', 'cows'],
  ['criterion', 'criteria'],
  ['curriculum', 'curricula'],
  ['demo', 'demos'],
  ['domino', 'dominoes'],
  ['echo', 'echoes'],
  ['foot', 'feet'],
  ['fungus', 'fungi'],
  ['ganglion', 'ganglions'],
  ['gas', 'gases'],
  ['genie', 'genies'],
  ['genus', 'genera'],
  ['goose', 'geese'],
  ['graffito', 'graffiti'],
  ['hippopotamus', 'hippopotami'],
  ['hoof', 'hoofs'],
  ['human', 'humans'],
  ['iris', 'irises'],
  ['larva', 'larvae'],
  ['leaf', 'leaves'],
  ['lens', 'lenses'],
  ['loaf', 'loaves'],
  ['man', 'men'],
  ['medium', 'media'],
  ['memorandum', 'memoranda'],
  ['money', 'monies'],
  ['mongoose', 'mongooses'],
  ['motto', 'mottoes'],
  ['move', 'moves'],
  ['mythos', 'mythoi'],
  ['niche', 'niches'],
  ['nucleus', 'nuclei'],
  ['numen', 'numina'],
  ['occiput', 'occiputs'],
  ['octopus', 'octopuses'],
  ['opus', 'opuses'],
  ['ox', 'oxen'],
  ['passerby', 'passersby'],
  ['penis', 'penises'],
  ['person', 'people'],
  ['plateau', 'plateaux'],
  ['runner-up', 'runners-up'],
  ['safe', 'safes'],
  ['sex', 'sexes'],
  ['sieve', 'sieves'],
  ['soliloquy', 'soliloquies'],
  ['son-in-law', 'sons-in-law'],
  ['syllabus', 'syllabi'],
  ['testis', 'testes'],
  ['thief', 'thieves'],
  ['tooth', 'teeth'],
  ['tornado', 'tornadoes'],
  ['trilby', 'trilbys'],
  ['turf', 'turfs'],
  ['valve', 'valves'],
  ['volcano', 'volcanoes'],
  ['abuse', 'abuses'],
  ['avalanche', 'avalanches'],
  ['cache', 'caches'],
  ['curve', 'curves'],
  ['emphasis', 'emphases'],
  ['foe', 'foes'],
  ['grave', 'graves'],
  ['hoax', 'hoaxes'],
  ['neurosis', 'neuroses'],
  ['save', 'saves'],
  ['wave', 'waves'],
  ['oasis', 'oases'],
  ['zombie', 'zombies'],
])

/** Inflectible::getPlural */
const rules: readonly (readonly [RegExp, string])[] = [
  [/(s)tatus$/i, '$1tatuses'],
  [/(quiz)$/i, '$1zes'],
  [/^(ox)$/i, '$1en'],
  [/([m|l])ouse$/i, '$1ice'],
  [/(matr|vert|ind)(ix|ex)$/i, '$1ices'],
  [/(x|ch|ss|sh)$/i, '$1es'],
  [/([^aeiouy]|qu)y$/i, '$1ies'],
  [/(hive|gulf)$/i, '$1s'],
  [/(?:([^f])fe|([lr])f)$/i, '$1$2ves'],
  [/sis$/i, 'ses'],
  [/([ti])um$/i, '$1a'],
  [/(tax)on$/i, '$1a'],
  [/(c)riterion$/i, '$1riteria'],
  [/(p)erson$/i, '$1eople'],
  [/(m)an$/i, '$1en'],
  [/(c)hild$/i, '$1hildren'],
  [/(f)oot$/i, '$1eet'],
  [/(buffal|her|potat|tomat|volcan)o$/i, '$1oes'],
  [/(alumn|bacill|cact|foc|fung|nucle|radi|stimul|syllab|termin|vir)us$/i, '$1i'],
  [/us$/i, 'uses'],
  [/(alias)$/i, '$1es'],
  [/(analys|ax|cris|test|thes)is$/i, '$1es'],
  [/s$/i, 's'],
  [/^$/i, ''],
  [/$/i, 's'],
]
