package dev.weft.weaver.tasks.attach;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.GsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The form that {@code tasks --json} prints. */
public final class TasksSchema {
  private static final Path FILE = Path.of("..", "docs", "schema", "tasks-1.json");

  private TasksSchema() {}

  /** Reads a document that has to be of that form. */
  public static JsonObject read(String json) throws IOException {
    Validator validator =
        new ValidatorFactory().withJsonNodeFactory(new GsonNode.Factory()).createValidator();
    URI schema = validator.registerSchema(Files.readString(FILE));
    Validator.Result result = validator.validate(schema, json);
    assertThat(result.getErrors())
        .as(json)
        .extracting(error -> error.getInstanceLocation() + ": " + error.getError())
        .isEmpty();
    return JsonParser.parseString(json).getAsJsonObject();
  }
}
