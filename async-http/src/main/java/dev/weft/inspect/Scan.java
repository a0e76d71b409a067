package dev.weft.inspect;

import dev.weft.AsyncExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One look at all tasks: what rows are sorted and grouped by, in a column each, in the order of the
 * visit. 100,000 tasks are 6 MB of columns, which the next look fills again, so that a page that is
 * open for hours leaves the collector next to nothing to do. No task is held by it, so those that
 * end meanwhile are freed; the texts of the few rows in view are asked for in another visit, by
 * their numbers, which costs a quarter of a look.
 */
final class Scan {
  /** Of a task whose line is not known. */
  static final String NO_SITE = "(no await yet)";

  /** Of rows whose texts are kept. Guessed: some 2 MB. */
  private static final int MOST_TEXTS = 5000;

  private final Program program;
  private final Names names;

  private int size;
  private long[] numbers = new long[0];
  private Sight.State[] states = new Sight.State[0];
  private int[] executors = new int[0];
  private int[] sites = new int[0];
  private long[] ages = new long[0];
  private long[] inStates = new long[0];
  private long[] polls = new long[0];
  private long[] busy = new long[0];

  /** The lines by their numbers in {@link #sites}. */
  private final List<String> siteTexts = new ArrayList<>();

  private final Map<String, Integer> siteNumbers = new HashMap<>();
  private final IdentityHashMap<@Nullable StackTraceElement, Integer> known =
      new IdentityHashMap<>();
  private List<String> deadlocks = List.of();

  /** Of rows that somebody has had in view since this look. */
  private final Map<Long, Json> texts = new HashMap<>();

  /** What was sought in this look last, and who has it. */
  private @Nullable String soughtText;

  private long[] foundNumbers = new long[0];
  private @Nullable AsyncExecutor lastExecutor;
  private int lastNumber;

  Scan(Program program, Names names) {
    this.program = program;
    this.names = names;
  }

  /** Looks at all tasks anew. */
  void take() {
    size = 0;
    known.clear();
    siteNumbers.clear();
    siteTexts.clear();
    program.forEach(this::add);
    lastExecutor = null;
    soughtText = null;
    texts.clear();
  }

  /** Looks for tasks that wait for each other. */
  void findDeadlocks() {
    deadlocks = program.deadlocks();
  }

  /** Forgets all of it. */
  void drop() {
    size = 0;
    numbers = new long[0];
    states = new Sight.State[0];
    executors = new int[0];
    sites = new int[0];
    ages = new long[0];
    inStates = new long[0];
    polls = new long[0];
    busy = new long[0];
    known.clear();
    siteNumbers.clear();
    siteTexts.clear();
    texts.clear();
    deadlocks = List.of();
    soughtText = null;
    foundNumbers = new long[0];
  }

  private void add(Sight sight) {
    int row = size;
    if (row == numbers.length) {
      grow(Math.max(64, row + row / 2));
    }
    AsyncExecutor executor = sight.executor();
    if (executor != lastExecutor) { // mostly they come one executor after the other
      lastExecutor = executor;
      lastNumber = names.numberOf(executor);
    }
    numbers[row] = sight.number();
    states[row] = sight.state();
    executors[row] = lastNumber;
    sites[row] = numberOf(sight.site());
    ages[row] = sight.ageMillis();
    inStates[row] = sight.stateMillis();
    polls[row] = sight.polls();
    busy[row] = sight.busyMillis();
    size = row + 1;
  }

  private void grow(int capacity) {
    numbers = Arrays.copyOf(numbers, capacity);
    states = Arrays.copyOf(states, capacity);
    executors = Arrays.copyOf(executors, capacity);
    sites = Arrays.copyOf(sites, capacity);
    ages = Arrays.copyOf(ages, capacity);
    inStates = Arrays.copyOf(inStates, capacity);
    polls = Arrays.copyOf(polls, capacity);
    busy = Arrays.copyOf(busy, capacity);
  }

  /** A site is the same instance each time, mostly, so its text is made once. */
  private int numberOf(@Nullable StackTraceElement site) {
    Integer number = known.get(site);
    if (number == null) {
      String text = site == null ? NO_SITE : Lines.of(site);
      number =
          siteNumbers.computeIfAbsent(
              text,
              added -> {
                siteTexts.add(added);
                return siteTexts.size() - 1;
              });
      known.put(site, number);
    }
    return number;
  }

  // ---- what was seen

  int size() {
    return size;
  }

  /** See {@link Sight#number}. */
  long number(int row) {
    return numbers[row];
  }

  Sight.State state(int row) {
    return states[row];
  }

  int executor(int row) {
    return executors[row];
  }

  int site(int row) {
    return sites[row];
  }

  String siteText(int site) {
    return siteTexts.get(site);
  }

  int siteCount() {
    return siteTexts.size();
  }

  long ageMillis(int row) {
    return ages[row];
  }

  long stateMillis(int row) {
    return inStates[row];
  }

  long polls(int row) {
    return polls[row];
  }

  long busyMillis(int row) {
    return busy[row];
  }

  /** As the last search has found them. */
  List<String> deadlocks() {
    return deadlocks;
  }

  // ---- choosing

  /** The rows that a query is about, in no order. */
  int[] matching(Query query) {
    int[] rows = new int[size];
    Sight.State state = query.state();
    int executor = query.executor() == null ? -1 : query.executor();
    Integer site = query.site() == null ? Integer.valueOf(-1) : siteNumbers.get(query.site());
    if (site == null) {
      return new int[0];
    }
    long[] withText = query.text().isEmpty() ? null : withText(query.text());
    int found = 0;
    for (int row = 0; row < size; row++) {
      if ((state == null || states[row] == state)
          && (executor < 0 || executors[row] == executor)
          && (site < 0 || sites[row] == site)
          && (withText == null || Arrays.binarySearch(withText, numbers[row]) >= 0)) {
        rows[found++] = row;
      }
    }
    return Arrays.copyOf(rows, found);
  }

  /** The numbers of those that have a text, sorted; by a visit of all, once for each text. */
  private long[] withText(String text) {
    if (!text.equals(soughtText)) {
      long[] found = new long[size];
      int[] count = new int[1];
      program.forEach(
          sight -> {
            if (count[0] < found.length && hasText(sight, text)) {
              found[count[0]++] = sight.number();
            }
          });
      foundNumbers = Arrays.copyOf(found, count[0]);
      Arrays.sort(foundNumbers);
      soughtText = text;
    }
    return foundNumbers;
  }

  private static boolean hasText(Sight sight, String text) {
    StackTraceElement site = sight.site();
    return sight.key().equals(text)
        || contains(sight.name(), text)
        || (site != null && contains(Lines.of(site), text))
        || contains(sight.origin(), text)
        || contains(sight.waitsFor(), text);
  }

  private static boolean contains(@Nullable String where, String text) {
    return where != null && where.toLowerCase(Locale.ROOT).contains(text);
  }

  /**
   * What the columns do not have, of some rows; not of those that have ended since. They are kept
   * for who asks again, as pages do that are scrolled, and for the other pages.
   */
  Map<Long, Json> texts(int[] rows) {
    if (texts.size() > MOST_TEXTS) {
      texts.clear();
    }
    Set<Long> wanted = new HashSet<>();
    for (int row : rows) {
      if (!texts.containsKey(numbers[row])) {
        wanted.add(numbers[row]);
      }
    }
    if (!wanted.isEmpty()) {
      program.forEach(
          sight -> {
            if (wanted.contains(sight.number())) {
              texts.put(sight.number(), textsOf(sight));
            }
          });
    }
    return texts;
  }

  private static Json textsOf(Sight sight) {
    return new Json()
        .member("key", sight.key())
        .member("name", sight.name())
        .member("origin", sight.origin())
        .member("waitsFor", sight.waitsFor());
  }

  /** What rows are sorted by. */
  long[] column(Query.Sort sort) {
    return switch (sort) {
      case AGE -> ages;
      case IN_STATE -> inStates;
      case POLLS -> polls;
      case BUSY -> busy;
    };
  }
}
