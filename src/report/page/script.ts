/**
 * The page's functions besides showing text: filter, copy, and bars that say what they are. The script contains nothing from a report, so its hash is
 * always the same. The page's Content-Security-Policy allows only this hash, so no other script runs in the page,
 * whatever is in the report.
 */
export const script = `
'use strict'
const all = [...document.querySelectorAll('.finding')]
const form = document.querySelector('form')
const files = [...document.querySelectorAll('.file')]
const groups = document.querySelector('.groups')
const list = document.querySelector('nav ol')
const listed = list && [...list.children]
if (form) {
  form.hidden = false
  const shown = form.querySelector('output')
  const { rule, file, table, group, search, fold } = form.elements
  const homes = new Map(all.map(finding => [finding, finding.closest('.file')]))
  const charts = new Map(files.map(section => [section, section.querySelector('.chart')]))
  const words = new Map()
  const wordsOf = finding => {
    if (!words.has(finding)) words.set(finding, finding.textContent.toLowerCase())
    return words.get(finding)
  }
  const apply = () => {
    const severities = [...form.querySelectorAll('input:checked')].map(box => box.value)
    const wanted = search.value.trim().toLowerCase()
    let count = 0
    for (const finding of all) {
      const own = finding.dataset
      const fits = severities.includes(own.severity) && (!rule.value || rule.value === own.rule) &&
        (!file.value || file.value === own.file) && (!table.value || table.value === own.table) &&
        (!wanted || wordsOf(finding).includes(wanted))
      finding.hidden = !fits
      if (fits) count++
    }
    for (const section of groups.children) section.hidden = !section.querySelector('.finding:not([hidden])')
    if (list) for (const item of list.children) {
      const heading = document.getElementById(item.querySelector('a').hash.slice(1))
      item.hidden = !heading || heading.closest('section').hidden
    }
    shown.textContent = count === all.length ? 'All ' + count + ' shown' : count + ' of ' + all.length + ' shown'
  }
  const item = (id, name, count) => {
    const made = document.createElement('li')
    const link = document.createElement('a')
    link.href = '#' + id
    link.textContent = name
    made.append(link, ' ', String(count))
    return made
  }
  const regroup = () => {
    document.body.classList.toggle('regrouped', group.value !== 'file')
    if (group.value === 'file') {
      for (const finding of all) homes.get(finding).append(finding)
      for (const [section, chart] of charts) if (chart) section.append(chart)
      groups.replaceChildren(...files)
      if (list) list.replaceChildren(...listed)
      return
    }
    const names = [...form.elements[group.value].options].slice(1).map(option => option.textContent)
    const members = new Map()
    for (const finding of all) {
      const key = finding.dataset[group.value]
      if (!members.has(key)) members.set(key, [])
      members.get(key).push(finding)
    }
    const sorted = [...members].sort((a, b) => b[1].length - a[1].length)
    const sections = sorted.map(([key, own], i) => {
      const section = document.createElement('section')
      const heading = document.createElement('h2')
      heading.id = 'group-' + i
      heading.textContent = key === '' ? 'about no table' : names[Number(key)]
      section.setAttribute('aria-labelledby', heading.id)
      section.append(heading, ...own)
      return section
    })
    groups.replaceChildren(...sections)
    if (list) list.replaceChildren(...sorted.map(([key, own], i) => item('group-' + i, key === '' ? 'about no table' : names[Number(key)], own.length)))
  }
  const folds = open => { for (const finding of all) { const details = finding.querySelector('details'); if (details && !finding.hidden) details.open = open } }
  fold.addEventListener('click', () => {
    const open = fold.textContent === 'Unfold all'
    folds(open)
    fold.textContent = open ? 'Fold all' : 'Unfold all'
  })
  addEventListener('beforeprint', () => folds(true))
  group.addEventListener('input', regroup)
  form.addEventListener('input', apply)
  form.addEventListener('submit', event => event.preventDefault())
  apply()
}
for (const told of document.querySelectorAll('.told')) told.hidden = false
for (const chart of document.querySelectorAll('svg')) {
  const bars = [...chart.querySelectorAll('a.bar')]
  for (const bar of bars.slice(1)) bar.setAttribute('tabindex', '-1')
  chart.addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    const next = bars[bars.indexOf(document.activeElement) + step]
    if (!step || !next) return
    event.preventDefault()
    document.activeElement.setAttribute('tabindex', '-1')
    next.setAttribute('tabindex', '0')
    next.focus()
  })
  const tell = event => {
    const bar = event.target.closest('a.bar')
    if (bar) chart.closest('figure').querySelector('.told').textContent = bar.getAttribute('aria-label')
  }
  chart.addEventListener('focusin', tell)
  chart.addEventListener('pointerover', tell)
}
const reveal = () => {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1))
  const folded = target && target.closest('details:not([open])')
  if (folded) folded.open = true
  if (target && target.tabIndex === -1) target.focus()
}
addEventListener('hashchange', reveal)
reveal()
addEventListener('beforeprint', () => { for (const each of document.querySelectorAll('.traced')) each.open = true })
for (const box of document.querySelectorAll('.copyable')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Copy'
  button.addEventListener('click', async () => {
    const text = box.querySelector('code').textContent
    try {
      await navigator.clipboard.writeText(text)
      button.textContent = 'Copied'
    } catch {
      getSelection().selectAllChildren(box.querySelector('code'))
      button.textContent = 'Selected'
    }
    setTimeout(() => { button.textContent = 'Copy' }, 2000)
  })
  box.append(button)
}
`

/** SHA-256 of \`script\`, in the form of a Content-Security-Policy. A test computes it again. */
export const scriptHash = 'sha256-9PV8SrJGO9/xvWoObBCf61QrTTzKaSYZ4zJqeccM+m0='
