const main = document.querySelector('main')
const shown = part => main.querySelector('#' + part.id)
async function look() {
  try {
    const now = document.createElement('main')
    now.innerHTML = await (await fetch('now')).text()
    for (const part of now.querySelectorAll('section')) {
      if (!shown(part)) main.append(part)
      else if (shown(part).innerHTML !== part.innerHTML) shown(part).replaceWith(part)
    }
  } catch (away) {
    main.querySelector('#notice').innerHTML = '<p class="wrong">the dashboard does not answer</p>'
  }
  setTimeout(look, 2000)
}
setTimeout(look, 2000)
