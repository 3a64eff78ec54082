package dev.sluice.collector.storage;

/** The type of a column, and the Java class that its values have. */
public enum ColumnType {
    TEXT(String.class),
    UUID(java.util.UUID.class),
    /** In UTC, with microseconds at most. */
    INSTANT(java.time.Instant.class),
    INT(Integer.class),
    LONG(Long.class),
    DOUBLE(Double.class),
    BOOLEAN(Boolean.class),
    /** A JSON document as text. */
    JSON(String.class);

    private final Class<?> javaType;

    ColumnType(Class<?> javaType) {
        this.javaType = javaType;
    }

    public Class<?> javaType() {
        return javaType;
    }
}
