package dev.weft.weaver.lifetimes;

import java.util.ArrayList;
import java.util.List;

/** What is known of one run: its calls and resources, and what was against the rules. */
public final class Ledger {
  private static final int MOST_VIOLATIONS = 20;

  private final Trouble trouble;
  private final List<Call> calls = new ArrayList<>();
  private final List<Resource> resources = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final Venue venue;
  private final Locks locks = new Locks(this);

  private volatile boolean closing;
  private volatile boolean halting;

  Ledger(Venue venue, Trouble trouble) {
    this.venue = venue;
    this.trouble = trouble;
  }

  Venue venue() {
    return venue;
  }

  Trouble trouble() {
    return trouble;
  }

  Locks locks() {
    return locks;
  }

  // ---- calls

  /**
   * @return its number
   */
  synchronized int created(Call call) {
    calls.add(call);
    return calls.size();
  }

  synchronized List<Call> calls() {
    return new ArrayList<>(calls);
  }

  // ---- the executor

  /** From here on anything may be cancelled. */
  void closing() {
    closing = true;
  }

  boolean isClosing() {
    return closing;
  }

  /** From here on bodies are ended by force. */
  void halting() {
    closing = true;
    halting = true;
  }

  boolean isHalting() {
    return halting;
  }

  // ---- resources

  synchronized Resource acquire() {
    Resource resource = new Resource(this, resources.size());
    resources.add(resource);
    return resource;
  }

  synchronized void used(Resource resource) {
    if (resource.releases > 0) {
      violation(resource + " is used after its release");
    }
  }

  synchronized void released(Resource resource) {
    if (resource.releases++ > 0) {
      violation(resource + " is released once more");
    }
  }

  /** To be called when everything has ended. */
  synchronized void checkEnd() {
    for (Call call : calls) {
      if (call.hasBegun() && !call.hasEnded()) {
        violation(call + " has not ended");
      }
    }
    for (Resource resource : resources) {
      if (resource.releases == 0) {
        violation(resource + " is lost");
      }
    }
    locks.checkEnd();
  }

  // ---- what happened

  synchronized void note(Object subject, String what) {
    events.add(Thread.currentThread().getName() + ": " + subject + " " + what);
  }

  synchronized void violation(String what) {
    note("VIOLATION", what);
    if (violations.size() < MOST_VIOLATIONS) {
      violations.add(what);
    }
  }

  synchronized List<String> violations() {
    return new ArrayList<>(violations);
  }

  synchronized List<String> events() {
    return new ArrayList<>(events);
  }
}
