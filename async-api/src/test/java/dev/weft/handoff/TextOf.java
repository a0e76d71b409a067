package dev.weft.handoff;

import org.jspecify.annotations.Nullable;

/** Takes so many characters of {@link Texts}; fewer at the end, and null after it. */
class TextOf extends Taker<String, @Nullable String> {
  private final int length;
  private String gathered = "";
  private String rest = "";

  TextOf(Texts source, int length) {
    super(source);
    this.length = length;
  }

  @Override
  protected boolean absorb(String text) {
    String all = gathered + text;
    boolean enough = all.length() >= length;
    gathered = enough ? all.substring(0, length) : all;
    rest = enough ? all.substring(length) : "";
    return enough;
  }

  @Override
  protected @Nullable String rest() {
    return rest.isEmpty() ? null : rest;
  }

  @Override
  protected boolean enough() {
    return complete(gathered);
  }

  @Override
  protected @Nullable String undo() {
    String undone = gathered;
    gathered = "";
    return undone.isEmpty() ? null : undone;
  }

  @Override
  protected int absorbed() {
    return gathered.length();
  }

  @Override
  protected boolean endOfItems() {
    return complete(gathered.isEmpty() ? null : gathered);
  }

  @Override
  protected void giveBack(@Nullable String text) {
    if (text != null) {
      putBack(text);
    }
  }
}
