package io.fanfold.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpSettingsTest {
    @ParameterizedTest
    @ValueSource(strings = {"io.fanfold.http.HttpSettings", "io.fanfold.http.HttpSettings$Uploads"})
    void theDefaultsAreWholeWhicheverIsNeededFirst(String first) throws Exception {
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
        URL[] classPath = new URL[entries.length];
        for (int i = 0; i < entries.length; i++) {
            classPath[i] = Path.of(entries[i]).toUri().toURL();
        }
        try (URLClassLoader fresh = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Class<?> _ = Class.forName(first, true, fresh);

            Object defaults = Class.forName("io.fanfold.http.HttpSettings", true, fresh)
                    .getField("DEFAULT")
                    .get(null);

            assertThat(defaults.toString()).contains("uploads=Uploads[").doesNotContain("null");
        }
    }
}
