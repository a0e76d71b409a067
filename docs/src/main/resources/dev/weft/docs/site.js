// The site's few moving parts: light or dark, the list of pages on a phone, the search.
(function () {
  "use strict";

  var root = document.body.dataset.root;

  // ---- light or dark

  document.getElementById("theme").addEventListener("click", function () {
    var html = document.documentElement;
    var dark = html.dataset.theme
      ? html.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    html.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem("weft-theme", html.dataset.theme);
    } catch (e) { /* no storage: for this page only */ }
  });

  // ---- the list of pages

  var menu = document.getElementById("menu");
  menu.addEventListener("click", function () {
    var open = document.getElementById("pages").classList.toggle("open");
    menu.setAttribute("aria-expanded", String(open));
  });

  var here = document.querySelector("#pages [aria-current]");
  if (here) {
    var pages = document.getElementById("pages");
    pages.scrollTop = here.offsetTop - pages.offsetTop - pages.clientHeight / 2;
  }

  // ---- search

  var input = document.getElementById("search");
  var results = document.getElementById("results");
  var index = null;
  var entries = [];
  var chosen = -1;
  input.hidden = false;

  function load(script, then) {
    var element = document.createElement("script");
    element.src = root + script;
    element.onload = then;
    document.head.appendChild(element);
  }

  // TaskCancelledException is found by its words, too.
  function words(name) {
    return name + " " + name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/_+/g, " ");
  }

  // No stems and no stop words: names are no English, and every word of a query has to be found.
  function build() {
    lunr.tokenizer.separator = /[^A-Za-z0-9_\u0080-\uffff]+/;
    return lunr(function () {
      this.pipeline.reset();
      this.searchPipeline.reset();
      this.ref("id");
      this.field("title", { boost: 8 });
      this.field("section", { boost: 6 });
      this.field("text");
      for (var i = 0; i < entries.length; i++) {
        this.add({
          id: i,
          title: words(entries[i].title),
          section: entries[i].section,
          text: entries[i].text
        });
      }
    });
  }

  // The scripts are loaded when somebody is about to search, as most readers do not.
  var loading = false;
  function prepare() {
    if (loading) {
      return;
    }
    loading = true;
    load("lunr.js", function () {
      load("search-entries.js", function () {
        entries = window.weftSearchEntries;
        index = build();
        show();
      });
    });
  }

  // Every word, or what begins with it; where that finds nothing, what is one letter off.
  function find(query) {
    var terms = lunr.tokenizer(query).map(String);
    function ask(distance) {
      return index.query(function (q) {
        terms.forEach(function (term) {
          var options = { presence: lunr.Query.presence.REQUIRED };
          if (distance) {
            options.editDistance = distance; // with which no wildcard goes
          } else {
            options.wildcard = lunr.Query.wildcard.TRAILING;
          }
          q.term(term, options);
          q.term(term, { boost: 10 });
        });
      });
    }
    var hits = ask(0);
    return hits.length ? hits : ask(1);
  }

  function escaped(text) {
    return text.replace(/[&<>"]/g, function (c) {
      return { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;" }[c];
    });
  }

  // A piece of the text around the first term found, with the terms marked.
  function excerpt(text, terms) {
    var pattern = new RegExp("(" + terms.map(function (term) {
      return term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    }).join("|") + ")", "gi");
    var at = text.search(pattern);
    var from = at < 60 ? 0 : text.indexOf(" ", at - 60) + 1;
    var to = text.length - from < 200 ? text.length : text.lastIndexOf(" ", from + 180);
    return (from > 0 ? "... " : "")
      + text.substring(from, to).split(pattern).map(function (part, i) {
        return i % 2 ? "<mark>" + escaped(part) + "</mark>" : escaped(part); // the odd are matches
      }).join("")
      + (to < text.length ? " ..." : "");
  }

  function show() {
    var query = input.value.trim();
    chosen = -1;
    results.hidden = !query;
    if (!query || !index) {
      results.innerHTML = query ? "<p>Loading ...</p>" : "";
      return;
    }
    var hits = find(query).slice(0, 20);
    results.innerHTML = hits.map(function (hit) {
      var entry = entries[hit.ref];
      var terms = Object.keys(hit.matchData.metadata);
      var place = entry.section ? escaped(entry.title) + " &rsaquo; " + escaped(entry.section)
        : escaped(entry.title);
      if (entry.url.indexOf("api/") === 0) {
        place = escaped(entry.section) + ".<b>" + escaped(entry.title) + "</b>";
      } else {
        place = "<b>" + place + "</b>";
      }
      return "<a href=\"" + root + entry.url + "\">" + place + "<small>"
        + excerpt(entry.text, terms) + "</small></a>";
    }).join("") || "<p>Nothing found.</p>";
  }

  function choose(step) {
    var links = results.querySelectorAll("a");
    if (!links.length) {
      return;
    }
    if (chosen >= 0) {
      links[chosen].classList.remove("chosen");
    }
    chosen = (chosen + step + links.length) % links.length;
    links[chosen].classList.add("chosen");
    links[chosen].scrollIntoView({ block: "nearest" });
  }

  input.addEventListener("focus", prepare);
  input.addEventListener("input", function () { prepare(); show(); });
  input.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown") {
      choose(1);
    } else if (event.key === "ArrowUp") {
      choose(chosen < 0 ? 0 : -1);
    } else if (event.key === "Enter") {
      var links = results.querySelectorAll("a");
      if (links.length) {
        links[Math.max(chosen, 0)].click();
        results.hidden = true;
      }
    } else if (event.key === "Escape") {
      results.hidden = true;
      input.blur();
    } else {
      return;
    }
    event.preventDefault();
  });
  document.addEventListener("click", function (event) {
    if (!event.target.closest(".search")) {
      results.hidden = true;
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && !/input|textarea/i.test(document.activeElement.tagName)) {
      event.preventDefault();
      input.focus();
    }
  });

  // A search can be linked to: index.html?search=await
  var asked = new URLSearchParams(location.search).get("search");
  if (asked) {
    input.value = asked;
    prepare();
  }
})();
