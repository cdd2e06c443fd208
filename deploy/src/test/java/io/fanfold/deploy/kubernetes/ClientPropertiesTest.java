package io.fanfold.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the roles of the component strimzi log in with is read from where the operator's Secret is mounted. */
final class ClientPropertiesTest {
    @Test
    void theLoginOfTheOperatorsSecretIsTaken(@TempDir Path mounted) throws IOException {
        String login =
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"u\" password=\"p\";";
        Files.writeString(mounted.resolve("sasl.jaas.config"), login);
        String text = Files.readString(Rendering.ROOT.resolve("components/strimzi/client.properties"));
        Properties properties = new Properties();
        properties.load(new StringReader(text.replace("/etc/fanfold/kafka", mounted.toString())));
        Map<String, String> overrides = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> overrides.put(name, properties.getProperty(name)));

        KafkaSettings kafka =
                new KafkaSettings("localhost:9093", Topics.DEFAULT, KafkaSettings.MAX_MESSAGE_BYTES, overrides);
        AdminClientConfig config = new AdminClientConfig(kafka.admin("login"));

        assertThat(config.getPassword("sasl.jaas.config").value()).isEqualTo(login);
        assertThat(config.getString("ssl.truststore.location"))
                .isEqualTo(mounted.resolve("ca.crt").toString());
    }
}
