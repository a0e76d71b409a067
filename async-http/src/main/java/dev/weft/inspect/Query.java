package dev.weft.inspect;

import dev.weft.http.HttpException;
import dev.weft.http.HttpRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks a page has in view.
 *
 * @param executor its number, see {@link Names}; null for all
 * @param state null for all
 * @param site the line of the await, as text; null for all
 * @param text in lower case; empty for all
 * @param grouped true for the sites with their counts, in place of tasks
 */
record Query(
    @Nullable Integer executor,
    Sight.@Nullable State state,
    @Nullable String site,
    String text,
    Sort sort,
    boolean descending,
    int offset,
    int limit,
    boolean grouped) {
  /** What rows are sorted by. */
  enum Sort {
    AGE,
    IN_STATE,
    POLLS,
    BUSY
  }

  /** How many rows a page gets at a time: three screens of a large monitor. */
  static final int MOST_ROWS = 200;

  /** How long what is searched for may be. */
  private static final int MOST_TEXT = 200;

  /** Class, method and file names have no limit of their own. */
  private static final int MOST_SITE = 1000;

  /**
   * Reads it.
   *
   * @throws HttpException with status 400 for what no page of ours sends
   */
  static Query of(HttpRequest request) {
    String executor = parameter(request, "executor", "", MOST_TEXT);
    String state = parameter(request, "state", "", MOST_TEXT);
    String site = parameter(request, "site", "", MOST_SITE);
    String sort = parameter(request, "sort", "age", MOST_TEXT);
    return new Query(
        executor.isEmpty() ? null : (Integer) number("executor", executor, Integer.MAX_VALUE),
        state.isEmpty() ? null : oneOf("state", state, Sight.State.values()),
        site.isEmpty() ? null : site,
        parameter(request, "text", "", MOST_TEXT).toLowerCase(Locale.ROOT),
        oneOf("sort", sort, Sort.values()),
        !parameter(request, "order", "desc", MOST_TEXT).equals("asc"),
        number("offset", parameter(request, "offset", "0", MOST_TEXT), Integer.MAX_VALUE),
        number("limit", parameter(request, "limit", "50", MOST_TEXT), MOST_ROWS),
        parameter(request, "group", "", MOST_TEXT).equals("site"));
  }

  static String parameter(HttpRequest request, String name, String otherwise, int most) {
    String value = request.parameter(name);
    if (value != null && value.length() > most) {
      throw new HttpException(400, name + " has more than " + most + " characters");
    }
    return value == null ? otherwise : value;
  }

  private static int number(String name, String text, int most) {
    try {
      int value = Integer.parseInt(text);
      if (value >= 0 && value <= most) {
        return value;
      }
    } catch (NumberFormatException noNumber) {
      // complained of below
    }
    throw new HttpException(400, name + " must be a number from 0 to " + most);
  }

  private static <E extends Enum<E>> E oneOf(String name, String text, E[] all) {
    for (E each : all) {
      if (each.name().equalsIgnoreCase(text)) {
        return each;
      }
    }
    throw new HttpException(400, name + " is none that there is");
  }
}
