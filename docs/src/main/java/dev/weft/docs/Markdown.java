package dev.weft.docs;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.AttributeProvider;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.text.LineBreakRendering;
import org.commonmark.renderer.text.TextContentRenderer;

/** Markdown as GitHub has it, read by commonmark-java. */
final class Markdown {
  private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
  private static final Parser PARSER =
      Parser.builder()
          .extensions(EXTENSIONS)
          .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
          .build();
  private static final TextContentRenderer TEXT =
      TextContentRenderer.builder()
          .extensions(EXTENSIONS)
          .lineBreakRendering(LineBreakRendering.STRIP)
          .build();

  /** A heading below the title, to which a reader may want the link. */
  private static final Pattern HEADING =
      Pattern.compile("(<h[2-6] id=\"([^\"]*)\">.*?)(</h[2-6]>)", Pattern.DOTALL);

  private static final String ANCHOR =
      " <a class=\"anchor\" href=\"#$2\" aria-label=\"Link to this section\">#</a>";

  private Markdown() {}

  static Node parse(String text) {
    return PARSER.parse(text);
  }

  /** What a node says, without its form, for the search. */
  static String textOf(Node node) {
    return TEXT.render(node);
  }

  /** The page as HTML, with the links that it has on the site. */
  static String html(Page page, Links links) {
    page.document().accept(new References(page, links));
    Map<Node, String> ids = new HashMap<>();
    for (Page.Section section : page.sections()) {
      ids.put(section.heading(), section.id());
    }
    AttributeProvider attributes =
        (node, tag, values) -> {
          if (node instanceof Heading) {
            values.put("id", ids.get(node));
          } else if (node instanceof Link link) {
            values.put("href", links.resolve(page, link, link.getDestination()));
          } else if (node instanceof Image image && tag.equals("img")) {
            values.put("src", links.resolve(page, image, image.getDestination()));
          }
        };
    String html =
        HtmlRenderer.builder()
            .extensions(EXTENSIONS)
            .attributeProviderFactory(context -> attributes)
            .build()
            .render(page.document());
    return HEADING.matcher(html).replaceAll("$1" + ANCHOR + "$3");
  }

  private static final class References extends AbstractVisitor {
    private final Page page;
    private final Links links;

    References(Page page, Links links) {
      this.page = page;
      this.links = links;
    }

    @Override
    public void visit(Code code) {
      links.checkReference(page, code);
    }
  }
}
