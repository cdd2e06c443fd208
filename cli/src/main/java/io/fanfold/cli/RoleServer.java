package io.fanfold.cli;

import io.fanfold.http.HttpSettings;
import io.fanfold.http.KeptResults;
import io.fanfold.producer.ProducerSettings;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.WireException;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.exceptions.BeanInstantiationException;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;

/**
 * One Micronaut application with the roles whose settings it is given, and its HTTP server: {@code /health},
 * {@code /prometheus} and what the roles serve.
 */
final class RoleServer implements AutoCloseable {
    /** An upload that is slowed down by its job is idle for as long as its chunks take. */
    private static final String IDLE = "1h";

    private final ApplicationContext context;
    private final EmbeddedServer server;

    private RoleServer(ApplicationContext context, EmbeddedServer server) {
        this.context = context;
        this.server = server;
    }

    /**
     * Starts the server, then the roles.
     *
     * @param http what the server lets in
     * @param settings one object of settings for each role
     * @param roles the roles to start, by type
     * @throws FanfoldException if the port is in use, or a role says why it cannot start
     */
    static RoleServer start(HttpAddress address, HttpSettings http, List<Object> settings, List<Class<?>> roles) {
        address.requireFree();
        ApplicationContext context = ApplicationContext.builder()
                .banner(false)
                .properties(properties(address, http, settings.stream().anyMatch(ProducerSettings.class::isInstance)))
                .build();
        context.registerSingleton(http);
        settings.forEach(context::registerSingleton);
        try {
            context.start();
            EmbeddedServer server = context.getBean(EmbeddedServer.class);
            roles.forEach(context::getBean);
            server.start();
            return new RoleServer(context, server);
        } catch (ServerStartupException e) {
            context.close();
            throw address.unusable(e);
        } catch (BeanInstantiationException | ConfigurationException e) {
            context.close();
            throw reason(e);
        }
    }

    /** A role's own word on why it does not start, out of the container's wrapping. */
    private static RuntimeException reason(RuntimeException wrapped) {
        for (Throwable e = wrapped; e != null; e = e.getCause()) {
            if (e instanceof FanfoldException || e instanceof WireException) {
                return (RuntimeException) e;
            }
            if (e instanceof KafkaException) {
                return new FanfoldException("the role cannot start: " + e.getMessage(), e);
            }
        }
        return wrapped;
    }

    private static Map<String, Object> properties(HttpAddress address, HttpSettings http, boolean producer) {
        Map<String, Object> p = new HashMap<>();
        p.put("micronaut.application.name", "fanfold");
        p.put("micronaut.server.host", address.host());
        p.put("micronaut.server.port", address.port() == 0 ? -1 : address.port());
        p.put(
                "micronaut.server.max-request-size",
                Long.toString(Long.MAX_VALUE)); // whoever takes bodies in has a limit
        p.put("micronaut.server.idle-timeout", IDLE);
        p.put("micronaut.server.read-idle-timeout", IDLE);
        p.put("micronaut.server.write-idle-timeout", IDLE);
        p.put("micronaut.server.netty.max-header-size", http.headerBytes());
        p.put("micronaut.server.netty.max-initial-line-length", http.headerBytes());
        p.put("micronaut.server.semicolon-is-normal-char", true); // of a query: CSV may be delimited by it
        p.put(KeptResults.SERVED_BY_PRODUCER, producer);
        p.put("endpoints.health.sensitive", false);
        p.put("endpoints.health.details-visible", "ANONYMOUS");
        p.put("endpoints.prometheus.sensitive", false);
        p.put("endpoints.all.enabled", false);
        p.put("endpoints.health.enabled", true);
        p.put("endpoints.prometheus.enabled", true);
        p.put("micronaut.metrics.export.prometheus.enabled", true);
        return p;
    }

    URI uri() {
        return server.getURI();
    }

    <T> T role(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }
}
