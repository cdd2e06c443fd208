package io.fanfold.testkit;

import static org.awaitility.Awaitility.await;

import io.fanfold.broker.LocalBroker;
import io.fanfold.protocol.rights.Right;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclPermissionType;

/**
 * A real broker in this JVM that wants to know who comes, and allows nobody what was not granted: over SASL_SSL with SCRAM-SHA-512, and
 * over TLS with certificates on both sides. Its users have the same names on both. One thread.
 */
public final class SecuredBroker implements AutoCloseable {
    private static final String STORE = "PKCS12";
    private static final int SCRAM_ITERATIONS = 4096;

    private final Path directory;
    private final LocalBroker broker;
    private final Map<Way, Integer> ports;
    private final Map<String, Identity> users;
    private final Path trust;
    private final Admin admin;

    /** How a client says who it is. */
    public enum Way {
        /** A password within TLS. */
        SASL_SSL,
        /** A certificate of its own. */
        MTLS
    }

    private SecuredBroker(
            Path directory, LocalBroker broker, Map<Way, Integer> ports, Map<String, Identity> users, Path trust) {
        this.directory = directory;
        this.broker = broker;
        this.ports = ports;
        this.users = users;
        this.trust = trust;
        this.admin = Admin.create(KafkaSettings.at(broker.bootstrapServers()).admin("super"));
    }

    /**
     * Starts a broker that has these users, none of whom may do anything.
     *
     * @param directory empty, the caller's to remove
     */
    public static SecuredBroker start(Path directory, Collection<String> users) throws IOException {
        Map<String, Identity> made = new LinkedHashMap<>();
        for (String user : users) {
            made.put(user, Identity.make(directory, user));
        }
        Identity own = Identity.make(directory, "broker");
        Path believed = Identity.trust(directory.resolve("users.p12"), made.values());
        Path trust = Identity.trust(directory.resolve("trust.p12"), Set.of(own));
        Map<Way, Integer> ports = Map.of(Way.SASL_SSL, LocalBroker.freePort(), Way.MTLS, LocalBroker.freePort());
        int port = LocalBroker.freePort();
        LocalBroker broker = LocalBroker.start(directory.resolve("data"), port, config(port, ports, own, believed));
        SecuredBroker secured = new SecuredBroker(directory, broker, ports, made, trust);
        secured.passwords();
        return secured;
    }

    private static Map<String, String> config(int port, Map<Way, Integer> ports, Identity own, Path believed)
            throws IOException {
        int controller = LocalBroker.freePort();
        Map<String, String> config = new HashMap<>();
        config.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:" + port + ",SASL_SSL://127.0.0.1:" + ports.get(Way.SASL_SSL)
                        + ",SSL://127.0.0.1:" + ports.get(Way.MTLS) + ",CONTROLLER://127.0.0.1:" + controller);
        config.put(
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL,CONTROLLER:PLAINTEXT");
        config.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        config.put("authorizer.class.name", RememberingAuthorizer.class.getName());
        config.put("allow.everyone.if.no.acl.found", "false");
        config.put("super.users", "User:ANONYMOUS"); // the broker itself and this class, over PLAINTEXT
        config.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        config.put(
                "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        config.put("ssl.keystore.type", STORE);
        config.put("ssl.keystore.location", own.keys().toString());
        config.put("ssl.keystore.password", Identity.PASSWORD);
        config.put("ssl.key.password", Identity.PASSWORD);
        config.put("ssl.truststore.type", STORE);
        config.put("ssl.truststore.location", believed.toString());
        config.put("ssl.truststore.password", Identity.PASSWORD);
        config.put("listener.name.ssl.ssl.client.auth", "required");
        config.put("ssl.principal.mapping.rules", "RULE:^CN=([^,]+),.*$/$1/");
        return config;
    }

    private void passwords() {
        ask(admin.alterUserScramCredentials(users.keySet().stream()
                        .<org.apache.kafka.clients.admin.UserScramCredentialAlteration>map(
                                user -> new UserScramCredentialUpsertion(
                                        user,
                                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, SCRAM_ITERATIONS),
                                        password(user)))
                        .toList())
                .all());
    }

    private static String password(String user) {
        return "password-of-" + user;
    }

    /** Where clients connect that come this way. */
    public String bootstrapServers(Way way) {
        return "127.0.0.1:" + ports.get(way);
    }

    /** A client that may do all, for a test's own purposes. */
    public Admin admin() {
        return admin;
    }

    /** Settings of a client that may do all. */
    public KafkaSettings mighty(Topics topics) {
        KafkaSettings kafka = KafkaSettings.at(broker.bootstrapServers());
        return new KafkaSettings(kafka.bootstrapServers(), topics, kafka.maxMessageBytes(), Map.of());
    }

    /** A file of Kafka client properties for a user; its passwords are in files beside it, which it names. */
    public Path config(String user, Way way) throws IOException {
        Path secrets = Files.createDirectories(directory.resolve("secrets-" + user));
        Files.writeString(secrets.resolve("trust.password"), Identity.PASSWORD);
        Files.writeString(secrets.resolve("user.password"), Identity.PASSWORD);
        Files.writeString(secrets.resolve("scram.properties"), "password=" + password(user));
        Stream<String> lines = Stream.concat(
                Stream.of(
                        "config.providers=directory,file",
                        "config.providers.directory.class="
                                + "org.apache.kafka.common.config.provider.DirectoryConfigProvider",
                        "config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider",
                        "ssl.truststore.type=" + STORE,
                        "ssl.truststore.location=" + trust,
                        "ssl.truststore.password=${directory:" + secrets + ":trust.password}"),
                way == Way.SASL_SSL ? scram(user, secrets) : certificate(user, secrets));
        return Files.write(directory.resolve(user + "-" + way + ".properties"), lines.toList());
    }

    private static Stream<String> scram(String user, Path secrets) {
        return Stream.of(
                "security.protocol=SASL_SSL",
                "sasl.mechanism=SCRAM-SHA-512",
                "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user
                        + "\" password=\"${file:" + secrets.resolve("scram.properties") + ":password}\";");
    }

    private Stream<String> certificate(String user, Path secrets) {
        return Stream.of(
                "security.protocol=SSL",
                "ssl.keystore.type=" + STORE,
                "ssl.keystore.location="
                        + Objects.requireNonNull(users.get(user)).keys(),
                "ssl.keystore.password=${directory:" + secrets + ":user.password}",
                "ssl.key.password=${directory:" + secrets + ":user.password}");
    }

    /** Settings of a client that is this user. */
    public KafkaSettings as(String user, Way way, Topics topics) throws IOException {
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(config(user, way))) {
            properties.load(in);
        }
        Map<String, String> overrides = properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
        return new KafkaSettings(bootstrapServers(way), topics, KafkaSettings.MAX_MESSAGE_BYTES, overrides);
    }

    /** Allows a user something, from everywhere; returns when the broker knows it. */
    public void grant(String user, Collection<Right> rights) {
        List<AclBinding> acls = acls(user, rights);
        ask(admin.createAcls(acls).all());
        await().until(() -> known().containsAll(acls));
    }

    /** Takes it back. */
    public void revoke(String user, Collection<Right> rights) {
        List<AclBinding> acls = acls(user, rights);
        ask(admin.deleteAcls(acls.stream().map(AclBinding::toFilter).toList()).all());
        await().until(() -> Collections.disjoint(known(), acls));
    }

    private Collection<AclBinding> known() {
        return Set.copyOf(ask(admin.describeAcls(AclBindingFilter.ANY).values()));
    }

    private static List<AclBinding> acls(String user, Collection<Right> rights) {
        return rights.stream().map(right -> acl(user, right)).toList();
    }

    private static AclBinding acl(String user, Right right) {
        return new AclBinding(
                right.resource(),
                new AccessControlEntry("User:" + user, "*", right.operation(), AclPermissionType.ALLOW));
    }

    /** What this user has done or has wanted to do until now. */
    public Set<Asked> asked(String user) {
        return RememberingAuthorizer.ASKED.stream()
                .filter(asked -> asked.user().equals(user))
                .collect(Collectors.toSet());
    }

    private static <T> T ask(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError("the broker refused what a test needs", e);
        }
    }

    @Override
    public void close() {
        admin.close();
        broker.close();
    }
}
