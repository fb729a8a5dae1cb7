/**
 * The page's functions besides showing text: filter and copy. The script contains nothing from a report, so its hash is
 * always the same. The page's Content-Security-Policy allows only this hash, so no other script runs in the page,
 * whatever is in the report.
 */
export const script = `
'use strict'
const all = [...document.querySelectorAll('.finding')]
const form = document.querySelector('form')
if (form) {
  form.hidden = false
  const shown = form.querySelector('output')
  const apply = () => {
    const severities = [...form.querySelectorAll('input:checked')].map(box => box.value)
    const rule = form.elements.rule.value
    const file = form.elements.file.value
    let count = 0
    for (const finding of all) {
      const { severity, rule: ownRule, file: ownFile } = finding.dataset
      const fits = severities.includes(severity) && (!rule || rule === ownRule) && (!file || file === ownFile)
      finding.hidden = !fits
      if (fits) count++
    }
    for (const section of document.querySelectorAll('.file')) {
      section.hidden = !section.querySelector('.finding:not([hidden])')
    }
    shown.textContent = count === all.length ? 'All ' + count + ' shown' : count + ' of ' + all.length + ' shown'
  }
  form.addEventListener('input', apply)
  form.addEventListener('submit', event => event.preventDefault())
  apply()
}
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
export const scriptHash = 'sha256-a9qskwMCK8qgbopEPl/UnZqODuFLZXibJJKIy1egLBI='
