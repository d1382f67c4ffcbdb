"""Staff, courses and quotas. Holds no model yet; the app is registered so that its place in the import order is tested."""
