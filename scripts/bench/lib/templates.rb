# templates.rb ruby-mustache FOLDER CASE SECONDS: as templates.js, with Ruby's mustache.
require "json"
require "mustache"

engine, folder, name, seconds = ARGV
data = JSON.parse(File.read("#{folder}/data.json"), symbolize_names: true)[name.to_sym]
Mustache.template_path = folder
view = Mustache.new
view.template = File.read(name == "page" ? "#{folder}/peers/page.mustache" : "#{folder}/#{name}.mustache")
# Its own partials are read from the disk each time; here they are kept, as the others keep theirs.
kept = Hash.new { |parts, part| parts[part] = File.read("#{folder}/#{part}.mustache") }
view.define_singleton_method(:partial) { |part| kept[part.to_s] }

File.binwrite("#{folder}/#{name}.#{engine}", view.render(data))
sum = 0
10.times { sum += view.render(data).bytesize }
count = 0
start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
while Process.clock_gettime(Process::CLOCK_MONOTONIC) - start < seconds.to_f
  sum += view.render(data).bytesize
  count += 1
end
puts count / (Process.clock_gettime(Process::CLOCK_MONOTONIC) - start) if sum.positive?
