package io.fanfold.producer.web;

import io.fanfold.producer.ProducerSettings;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The description of this interface, as OpenAPI and as a page for people. */
@Controller
@Hidden
@Requires(beans = ProducerSettings.class)
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Fanfold",
                        version = "v1",
                        description = "A parallel map over arrays, run by a fleet on Kafka. Every error is a problem"
                                + " (RFC 9457). Where the fleet has a token, every request bears it.",
                        license = @License(name = "Apache-2.0")),
        security = {@SecurityRequirement(name = "token"), @SecurityRequirement(name = "")})
@SecurityScheme(name = "token", type = SecuritySchemeType.HTTP, scheme = "bearer")
final class DocsController {
    private final String yaml = read("/META-INF/swagger/fanfold.yml");
    private final String page = new DocsPage(yaml).html();

    @Get(value = "/openapi.yaml", produces = "application/yaml")
    HttpResponse<String> openApi() {
        return HttpResponse.ok(yaml).contentType(MediaType.of("application/yaml; charset=utf-8"));
    }

    @Get(value = "/docs", produces = MediaType.TEXT_HTML)
    HttpResponse<String> page() {
        return HttpResponse.ok(page).contentType(MediaType.of("text/html; charset=utf-8"));
    }

    private static String read(String resource) {
        try (InputStream in = Objects.requireNonNull(DocsController.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
