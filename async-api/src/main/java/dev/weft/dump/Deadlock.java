package dev.weft.dump;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tasks, or calls, that wait for each other in a circle, so that none of them ever goes on by
 * itself. A cancellation or a time limit may end it.
 *
 * <pre>{@code
 * for (Deadlock deadlock : TaskDump.ofAll().deadlocks()) {
 *   System.err.println(deadlock.text());
 * }
 * }</pre>
 *
 * @param members each waits for the next one, and the last one for the first
 */
public record Deadlock(List<Member> members) {
  /** Those. */
  public Deadlock {
    members = List.copyOf(members);
  }

  /**
   * One of them.
   *
   * <pre>{@code
   * Deadlock first = TaskDump.ofAll().deadlocks().get(0);
   * for (Deadlock.Member member : first.members()) {
   *   System.err.println(member.of() + " at " + member.at());
   * }
   * }</pre>
   *
   * @param key see {@link TaskEntry#key}
   * @param of for people: the task, or the call
   * @param at the await at which it waits; null if that is not known
   * @param waitsFor for people: what it waits for, and how that is the next one's business
   */
  public record Member(String key, String of, @Nullable StackTraceElement at, String waitsFor) {}

  /** All of it for people, a line for each member. */
  public String text() {
    StringBuilder text = new StringBuilder("Deadlock of ").append(members.size());
    for (Member member : members) {
      text.append("\n  ").append(member.of()).append(" waits for ").append(member.waitsFor());
      if (member.at() != null) {
        text.append("\n    at ").append(member.at());
      }
    }
    return text.toString();
  }
}
