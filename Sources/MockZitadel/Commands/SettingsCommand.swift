/// `mock-zitadel settings`
enum SettingsCommand {
    static let command = Command(
        path: ["settings"], summary: "Prints the table of settings as Markdown.",
        run: { _ in Terminal.print(Setting.markdown) })
}
