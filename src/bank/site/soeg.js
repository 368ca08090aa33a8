// Search in the published bank. Runs from a web server or from a disk; asks nobody, stores nothing.
// Folding and stemming are those of src/bank/site/words.cc.
(function () {
  'use strict'
  var endings = ['ernes', 'erne', 'enes', 'eres', 'ene', 'ers', 'ens', 'ets', 'er', 'en', 'et', 'es', 'e', 's']
  var stops = ' af at de den der det du eller en er et for fra har hvor i ikke med og om paa som til ved '
  var folds = { 'æ': 'ae', 'ä': 'ae', 'ø': 'oe', 'ö': 'oe', 'å': 'aa', 'ü': 'y', 'é': 'e', 'è': 'e', 'ê': 'e', 'ë': 'e', 'á': 'a', 'à': 'a', 'â': 'a', 'ó': 'o', 'ò': 'o', 'ô': 'o', 'í': 'i', 'ì': 'i', 'ï': 'i', 'ú': 'u', 'ù': 'u', 'ç': 'c', '\u00ad': '' }
  // The bits of search_index.h: title, number, step, law, form, document, role, system, text, part of a word.
  var weights = [10, 9, 4, 5, 5, 4, 3, 3, 3, 1.5]
  var places = ['titel', 'nummer', 'trin', 'jura', 'blanket', 'dokument', 'rolle', 'system', 'beskrivelse', 'del af et ord']
  var root = ''
  var overview = null, lists = {}, terms = {}, waiting = {}

  function fold(text) {
    return text.toLowerCase().replace(/[^\x00-\x7f]/g, function (c) { return folds[c] === undefined ? c : folds[c] })
  }
  function stem(word) {
    if (/^[0-9]/.test(word) || word.indexOf('.') >= 0) return word
    for (var i = 0; i < endings.length; i++) {
      var end = endings[i]
      if (word.length >= end.length + 3 && word.slice(-end.length) === end) { word = word.slice(0, -end.length); break }
    }
    if (/....ning$/.test(word)) word = word.slice(0, -4)
    else if (/....ing$/.test(word)) word = word.slice(0, -3)
    if (word.length > 3 && word.slice(-1) === word.slice(-2, -1) && /[b-df-hj-np-tv-xz]/.test(word.slice(-1))) word = word.slice(0, -1)
    return word
  }
  function words(text) {
    var out = [], paragraph = false, found = fold(text).match(/§|[0-9](?:[0-9a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff]|\.(?=[0-9]))*|[a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff][0-9a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff]*/g) || []
    found.forEach(function (word) {
      if (word === '§' || word === 'paragraf' || word === 'paragraffer') { paragraph = true; return }
      if (paragraph && /^[0-9]/.test(word)) { out.push({ whole: '§' + word, stem: '§' + word }); return }
      paragraph = paragraph && (word === 'og' || word === 'til')
      if (stops.indexOf(' ' + word + ' ') < 0) out.push({ whole: word, stem: stem(word) })
    })
    return out
  }

  function load(file, done) {
    if (waiting[file] === true) return done()
    if (waiting[file]) { waiting[file].push(done); return }
    waiting[file] = [done]
    var script = document.createElement('script')
    var ready = function () { var all = waiting[file]; waiting[file] = true; all.forEach(function (one) { one() }) }
    script.src = root + 'soeg/' + file
    script.onload = ready
    script.onerror = ready
    document.head.appendChild(script)
  }
  function loadAll(files, done) {
    var left = files.length
    if (left === 0) return done()
    files.forEach(function (file) { load(file, function () { if (--left === 0) done() }) })
  }

  window.sagsgangSoeg = {
    oversigt: function (value) { overview = value },
    liste: function (number, rows) { lists[number] = rows },
    ord: function (name, value) { Object.keys(value).forEach(function (term) { terms[term] = value[term] }) },
    fold: fold, stem: stem, words: words, find: find,
  }

  function piecesOf(word) {
    if (overview.laengde === 0) return overview.stykker
    var head = word.slice(0, overview.laengde).replace(/[^a-z0-9]/g, '_')
    return overview.stykker.filter(function (name) { return name.slice(0, head.length) === head.slice(0, name.length) })
  }
  function near(a, b) { // one letter more, less, other, or two changed about
    if (Math.abs(a.length - b.length) > 1 || a === b) return false
    var i = 0
    while (i < a.length && a[i] === b[i]) i++
    return a.slice(i + 1) === b.slice(i + 1) || a.slice(i) === b.slice(i + 1) || a.slice(i + 1) === b.slice(i) || (a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2))
  }
  // page → [score, bits] for one word of the query
  function pagesOf(word) {
    var out = {}, all = Object.keys(terms)
    function take(term, factor) {
      var list = terms[term], page = 0, rare = Math.log(1 + overview.sider / (list.length / 2))
      for (var i = 0; i < list.length; i += 2) {
        page += list[i]
        var best = 0
        for (var bit = 0; bit < weights.length; bit++) if (list[i + 1] >> bit & 1) best = Math.max(best, weights[bit])
        var score = best * factor * (0.3 + rare)
        if (!out[page]) out[page] = [0, 0]
        out[page][0] = Math.max(out[page][0], score)
        out[page][1] |= list[i + 1]
      }
    }
    if (terms[word.stem]) take(word.stem, 1)
    var number = /^[§0-9]/.test(word.whole)
    if (word.stem.length >= 2) all.forEach(function (term) {
      if (term === word.stem) return
      if (term.indexOf(word.stem) === 0 && !(word.stem[0] === '§')) take(term, 0.5 + 0.3 * word.stem.length / term.length)
      else if (!number && word.stem.length >= 4 && term.indexOf(word.stem) > 0) take(term, 0.25)
      else if (!number && term.length >= 4 && word.whole.length - term.length <= 5 && word.whole.indexOf(term) === 0) take(term, 0.3) // a word that is not typed out yet
    })
    if (Object.keys(out).length === 0 && word.stem.length >= 4 && !number) {
      var close = all.filter(function (term) { return near(word.stem, term) })
      close.forEach(function (term) { take(term, 0.4) })
      if (close.length > 0) out.corrected = true
    }
    return out
  }

  function find(query, done) {
    var asked = words(query)
    load('oversigt.js', function () {
      if (!overview || asked.length === 0) return done({ hits: [], corrected: false })
      var files = []
      asked.forEach(function (word) { piecesOf(word.stem).forEach(function (name) { if (files.indexOf('ord-' + name + '.js') < 0) files.push('ord-' + name + '.js') }) })
      loadAll(files, function () {
        var total = {}, corrected = false
        asked.forEach(function (word) {
          var pages = pagesOf(word)
          corrected = corrected || pages.corrected === true
          delete pages.corrected
          Object.keys(pages).forEach(function (page) {
            if (!total[page]) total[page] = { page: Number(page), score: 0, words: 0, bits: 0 }
            total[page].score += pages[page][0]
            total[page].words++
            total[page].bits |= pages[page][1]
          })
        })
        var hits = Object.keys(total).map(function (page) { return total[page] }), most = 0
        hits.forEach(function (hit) { most = Math.max(most, hit.words) })
        hits = hits.filter(function (hit) { return hit.words === most })
        hits.forEach(function (hit) { if (overview.udloebne.indexOf(hit.page) >= 0) hit.score *= 0.6 })
        hits.sort(function (a, b) { return b.score - a.score || a.page - b.page })
        var shown = hits.slice(0, 50), need = []
        shown.forEach(function (hit) { var file = 'liste-' + Math.floor(hit.page / overview.liste) + '.js'; if (need.indexOf(file) < 0) need.push(file) })
        loadAll(need, function () {
          done({ total: hits.length, corrected: corrected, all: most === asked.length, hits: shown.map(function (hit) {
            var row = lists[Math.floor(hit.page / overview.liste)][hit.page % overview.liste]
            return { address: row[0], title: row[1], domain: row[2], kle: row[3], kind: row[4], text: row[5], note: row[6], places: places.filter(function (_name, bit) { return hit.bits >> bit & 1 }) }
          }) })
        })
      })
    })
  }

  function element(name, text, parent, klass) {
    var made = document.createElement(name)
    if (text) made.textContent = text
    if (klass) made.className = klass
    if (parent) parent.appendChild(made)
    return made
  }
  function show(list, status, answer) {
    list.textContent = ''
    if (answer.hits.length === 0) {
      status.textContent = 'Intet fundet. Prøv et andet ord, et KLE-nummer eller en paragraf, fx § 10.'
      return
    }
    status.textContent = (answer.total === 1 ? '1 arbejdsgang fundet' : answer.total + ' arbejdsgange fundet') + (answer.total > answer.hits.length ? ', de ' + answer.hits.length + ' bedste vises' : '') +
      (answer.corrected ? '. Stavningen er rettet' : '') + (answer.all ? '' : '. Ikke alle ord findes sammen') + '.'
    answer.hits.forEach(function (hit) {
      var item = element('li', '', list)
      var link = element('a', hit.title, element('h2', '', item))
      link.href = root + hit.address
      element('p', [hit.domain, hit.kle && 'KLE ' + hit.kle, hit.kind, hit.note].filter(Boolean).join(' · '), item, 'daempet')
      if (hit.text) element('p', hit.text, item)
      element('p', 'Fundet i: ' + hit.places.join(', '), item, 'daempet')
    })
  }

  function start() {
    var field = document.getElementById('soegefelt'), list = document.getElementById('fund'), status = document.getElementById('fund-status'), rest = document.getElementById('uden-soegning')
    if (!field) return
    var asked = 0
    function run(write) {
      var query = field.value.trim(), mine = ++asked
      if (write && window.history && history.replaceState) try { history.replaceState(null, '', query ? '#q=' + encodeURIComponent(query) : location.pathname + location.search) } catch (ignored) { /* a browser that keeps the address of a file */ }
      if (rest) rest.hidden = query !== ''
      if (query === '') { list.textContent = ''; status.textContent = ''; return }
      find(query, function (answer) { if (mine === asked) show(list, status, answer) })
    }
    function fromAddress() {
      var match = /^#q=(.*)$/.exec(location.hash)
      if (!match) return
      try { field.value = decodeURIComponent(match[1]) } catch (ignored) { field.value = '' }
      run(false)
    }
    field.addEventListener('input', function () { run(true) })
    field.form.addEventListener('submit', function (event) { event.preventDefault(); run(true) })
    window.addEventListener('hashchange', fromAddress)
    document.addEventListener('keydown', function (event) {
      if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) { event.preventDefault(); field.focus() }
    })
    fromAddress()
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
  else start()
})()
