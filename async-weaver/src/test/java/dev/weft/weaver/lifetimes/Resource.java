package dev.weft.weaver.lifetimes;

import org.jspecify.annotations.Nullable;

/** Something that has to be released once, by the call that acquired it. */
public final class Resource implements AutoCloseable {
  private final Ledger ledger;
  private final int number;
  private @Nullable Call owner;

  /** Guarded by the ledger. */
  int releases;

  Resource(Ledger ledger, int number) {
    this.ledger = ledger;
    this.number = number;
  }

  void ownedBy(Call call) {
    owner = call;
  }

  public void use() {
    ledger.used(this);
  }

  @Override
  public void close() {
    ledger.released(this);
    Call call = owner;
    if (call == null) {
      ledger.violation(this + " is released and belongs to nobody");
    } else {
      call.releasing(this);
    }
  }

  @Override
  public String toString() {
    return "resource " + number;
  }
}
