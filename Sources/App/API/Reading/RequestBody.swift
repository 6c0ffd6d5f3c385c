import HTTP
import Text

extension Request {
    /// The JSON object that the body holds.
    ///
    /// - Throws: `Refusal` 415 for another type than JSON, 400 with the place for what cannot be read.
    func jsonObject() throws -> JSON {
        guard contentType == "application/json" else {
            throw Refusal(415, "Send application/json, not \(contentType ?? "a body without a Content-Type").")
        }
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: body)
        } catch {
            throw Refusal(400, "The body is not JSON: \(error.message).")
        }
        guard json.object != nil else { throw Refusal(400, "The body is not a JSON object.") }
        return json
    }
}
