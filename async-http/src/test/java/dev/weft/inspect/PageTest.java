package dev.weft.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What a browser makes of the page: it is driven as somebody drives it who has a keyboard. Needs a
 * Chromium, on the {@code PATH} or by {@code -Dweft.chromium=FILE}; where there is none, nothing is
 * tested here.
 */
class PageTest {
  private static final String ROWS =
      "[...document.querySelectorAll('#rows .row')].filter(r => r.style.display !== 'none')";
  private static final String KEYS = ROWS + ".map(r => r.children[0].textContent).join(' ')";

  private static Chromium chromium() throws Exception {
    Path program = Chromium.find();
    Assumptions.assumeTrue(
        program != null,
        "no Chromium on the PATH: install one (Debian: apt-get install chromium), or name it by"
            + " -Dweft.chromium=FILE");
    return Chromium.start(program, 1280, 1000);
  }

  private static void assertStartsWith(Chromium browser, String keys) throws Exception {
    browser.until("(" + KEYS + ").startsWith('" + keys + "')");
  }

  /** A step of a test, with a page that is open. */
  @FunctionalInterface
  private interface Steps {
    void take(Served served, Chromium browser) throws Exception;
  }

  private static void with(int tasks, Steps steps) throws Exception {
    try (Served served = new Served().withTasks(tasks);
        Chromium browser = chromium()) {
      browser.prefer("prefers-color-scheme", "light");
      browser.open(served.inspector.address());
      browser.until("document.readyState === 'complete' && " + ROWS + ".length > 0");
      steps.take(served, browser);
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void itSortsFiltersAndGroups() throws Exception {
    with(
        1000,
        (served, browser) -> {
          assertStartsWith(browser, "t1000 t999 t998");
          browser.eval("document.querySelector('[data-sort=age]').click()");
          assertStartsWith(browser, "t1 t2 t3");
          browser.until(
              "document.querySelector('[aria-sort]').getAttribute('aria-sort') === 'ascending'");
          browser.eval("document.querySelector('[data-sort=polls]').click()");
          assertStartsWith(browser, "t6 t13 t20");
          browser.eval("document.activeElement.blur()");
          browser.press("/");
          browser.until("document.activeElement.id === 'text'");
          browser.type("task-77");
          browser.until("document.getElementById('matching').textContent === '11 of 1,000'");
          browser.eval("document.getElementById('text').blur()");
          browser.press("g");
          browser.until(
              "document.getElementById('matching').textContent.startsWith('3 places, 11')");
          browser.eval("document.getElementById('grid').focus()");
          browser.press("Enter");
          browser.until(
              "!document.getElementById('site').hidden && (" + KEYS + ").startsWith('t')");
          browser.until("document.getElementById('matching').textContent === '5 of 1,000'");
        });
  }

  @Test
  void aStackOpensByTheKeyboard() throws Exception {
    with(
        100,
        (served, browser) -> {
          browser.eval("document.getElementById('grid').focus()");
          browser.press("ArrowDown");
          browser.press("ArrowDown");
          browser.until(
              "document.querySelector('#' + document.getElementById('grid')"
                  + ".getAttribute('aria-activedescendant')).textContent.startsWith('t98')");
          browser.press("Enter");
          browser.until("document.getElementById('detail').open");
          browser.until(
              "document.getElementById('detail-body').textContent"
                  + ".includes('shop.Shop.buy(Shop.java:99)')");
          assertThat(browser.eval("document.getElementById('detail-title').textContent"))
              .contains("t98", "task-98");
          assertThat(browser.eval("document.getElementById('detail-body').textContent"))
              .contains("Its calls", "Who awaits it", "a branch");
          browser.press("Escape");
          browser.until("!document.getElementById('detail').open");
          browser.until("document.activeElement.id === 'grid'");
        });
  }

  /** However many there are, the page has those in view, and some. */
  @Test
  void itScrollsThroughAHundredThousand() throws Exception {
    with(
        100_000,
        (served, browser) -> {
          assertStartsWith(browser, "t100000 t99999");
          browser.eval("document.getElementById('grid').focus()");
          browser.press("End");
          browser.until("(" + KEYS + ").endsWith(' t2 t1')");
          browser.until(
              "document.querySelector('.row.active') !== null"
                  + " && document.querySelector('.row.active').textContent.startsWith('t1task-1')");
          browser.eval("document.getElementById('view').scrollTop = 26 * 50000");
          browser.until("(" + KEYS + ").includes('t50000')");
          assertThat(
                  Integer.parseInt(browser.eval("document.querySelectorAll('#rows .row').length")))
              .isLessThanOrEqualTo(Query.MOST_ROWS);
        });
  }

  /** Where the list is higher than a browser can scroll by pixels, it is scrolled by shares. */
  @Test
  void itScrollsThroughAMillion() throws Exception {
    with(
        1_000_000,
        (served, browser) -> {
          browser.eval("document.getElementById('grid').focus()");
          browser.press("End");
          browser.until("(" + KEYS + ").endsWith(' t2 t1')");
          browser.press("Home");
          assertStartsWith(browser, "t1000000 t999999");
        });
  }

  @Test
  void colorsFollowTheSystemOrTheChoice() throws Exception {
    with(
        10,
        (served, browser) -> {
          String back = "getComputedStyle(document.body).backgroundColor";
          String light = browser.eval(back);
          browser.prefer("prefers-color-scheme", "dark");
          browser.until(back + " !== '" + light + "'");
          String dark = browser.eval(back);
          browser.press("t");
          browser.until(back + " === '" + light + "'");
          browser.press("t");
          browser.until(back + " === '" + dark + "'");
          browser.call("Page.reload", "");
          browser.until(
              "document.readyState === 'complete' && document.getElementById('theme').value === 'dark'");
        });
  }

  /** In both, as WCAG 2.2 has it for AA: 4.5 to 1. */
  @Test
  void textCanBeRead() throws Exception {
    with(
        10,
        (served, browser) -> {
          for (String theme : List.of("light", "dark")) {
            browser.prefer("prefers-color-scheme", theme);
            for (String text : List.of("text", "faint", "accent", "running", "io", "stuck")) {
              for (String back : List.of("back", "panel", "hover")) {
                double contrast = contrast(color(browser, text), color(browser, back));
                assertThat(contrast).as("%s on %s, %s", text, back, theme).isGreaterThan(4.5);
              }
            }
          }
        });
  }

  private static String color(Chromium browser, String name) throws Exception {
    return browser.eval(
        "getComputedStyle(document.documentElement).getPropertyValue('--" + name + "').trim()");
  }

  private static double contrast(String one, String other) {
    double a = luminance(one);
    double b = luminance(other);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static double luminance(String color) {
    double[] weights = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      double c = Integer.parseInt(color.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
      sum += weights[i] * (c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
  }

  /** A name is text, whatever is in it. */
  @Test
  void namesAreNoMarkup() throws Exception {
    String name = "<img src=x onerror=\"document.title='owned'\"></span><script>1</script>";
    with(
        1,
        (served, browser) -> {
          served.program.sights = List.of(FakeSight.suspended(served.executor, 1).named(name));
          browser.until(ROWS + "[0].children[1].textContent.startsWith('<img')");
          browser.eval("document.getElementById('grid').focus()");
          browser.press("Enter");
          browser.until("document.getElementById('detail-title').textContent.includes('<img')");
          assertThat(browser.eval("document.querySelectorAll('img').length")).isEqualTo("0");
          assertThat(browser.eval("document.title")).isEqualTo("Weft Inspector");
        });
  }

  @Test
  void deadlocksAndSlowPollsAppear() throws Exception {
    with(
        1,
        (served, browser) -> {
          served.program.deadlocks.add("Deadlock of 2\n  task 1 waits for task 2");
          browser.until(
              "document.getElementById('deadlocks').textContent.includes('task 1 waits')");
          served.executor.spawn(
              "blocker",
              () -> {
                while (served.executor.slowPolls().isEmpty()) {
                  Thread.onSpinWait(); // until the executor has found it
                }
                return dev.weft.Async.done();
              });
          browser.until("document.getElementById('slow').textContent.includes('blocker')");
        });
  }

  /** Every control can be reached, and says what it is. */
  @Test
  void everythingHasAName() throws Exception {
    with(
        10,
        (served, browser) -> {
          assertThat(
                  browser.eval(
                      "[...document.querySelectorAll('button,select,input')].filter(e => !e.hidden"
                          + " && !(e.textContent.trim() || e.getAttribute('aria-label')"
                          + " || e.labels && e.labels.length)).length"))
              .isEqualTo("0");
          assertThat(browser.eval("document.querySelectorAll('[style]').length === 0")).isNotNull();
          List<String> order = new ArrayList<>();
          browser.eval("document.activeElement.blur()");
          for (int i = 0; i < 14; i++) {
            browser.press("Tab");
            order.add(
                browser.eval(
                    "document.activeElement.id || document.activeElement.dataset.sort"
                        + " || document.activeElement.className"));
          }
          assertThat(order)
              .containsSubsequence(
                  "skip",
                  "executor",
                  "pause",
                  "theme",
                  "slow",
                  "text",
                  "state",
                  "grouped",
                  "grid",
                  "age",
                  "in_state",
                  "polls",
                  "busy");
        });
  }

  /** Notes what the page will yet do by itself: timers that have not fired, and requests. */
  private static final String NOTE_PLANS =
      """
      window.plans = new Set();
      const after = window.setTimeout, ask = window.fetch, forget = window.clearTimeout;
      window.setTimeout = (then, delay) => {
        const timer = after(() => { plans.delete(timer); then(); }, delay);
        plans.add(timer);
        return timer;
      };
      window.clearTimeout = timer => { plans.delete(timer); forget(timer); };
      window.fetch = (...what) => {
        const asked = ask(...what), over = () => plans.delete(asked);
        plans.add(asked);
        asked.then(over, over);
        return asked;
      };
      """;

  /** Who has paused it, or looks at another page, is told nothing, and costs nothing. */
  @Test
  void aPauseAsksForNothing() throws Exception {
    with(
        10,
        (served, browser) -> {
          browser.beforeEachPage(NOTE_PLANS);
          browser.call("Page.reload", "");
          browser.until("window.plans !== undefined && plans.size > 0 && " + ROWS + ".length > 0");
          browser.press("p");
          browser.until("document.getElementById('connection').textContent === 'paused'");
          browser.until("plans.size === 0"); // so nothing will be asked
          browser.press("p");
          browser.until("plans.size > 0");
          browser.until("document.getElementById('connection').textContent === 'live'");
        });
  }

  @Test
  void theTokenLeavesTheAddressBar() throws Exception {
    String token = "0123456789abcdef0123456789abcdef";
    try (Served served = new Served(builder -> builder.token(token)).withTasks(3);
        Chromium browser = chromium()) {
      browser.open(served.at("/?token=" + token));
      browser.until("document.readyState === 'complete' && " + ROWS + ".length === 3");
      assertThat(browser.eval("location.href")).isEqualTo(served.inspector.address().toString());
      assertThat(browser.eval("document.cookie")).isEmpty();
      browser.call("Page.reload", "");
      browser.until("document.readyState === 'complete' && " + ROWS + ".length === 3");
      assertThat(browser.complaints()).isEmpty();
    }
  }
}
